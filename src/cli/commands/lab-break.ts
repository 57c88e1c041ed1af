import { didYouMean, nearNames } from '../../cluster/near.ts';
import { type Fault, symptomOf } from '../../lab/fault.ts';
import { faults } from '../../lab/faults/index.ts';
import { labFolder, thisUser } from '../../lab/host/folder.ts';
import { breakLab, currentFault, healLab } from '../../lab/play.ts';
import { NAMESPACE } from '../../lab/scene.ts';
import { openStage } from '../../lab/stage.ts';
import { EXIT, UserError } from '../exit.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';
import { asUserError, needLab } from './lab-common.ts';

/** `kmcast lab break`: says what an operator would be told, and no more. */
export async function labBreak(fault: string, name: string | undefined, globals: GlobalOptions): Promise<number> {
  const out = openTerminal(globals);
  const { target, group } = symptomOf(needFault(fault));
  const lab = needLab(name);
  await asUserError(async () => breakLab(await openStage(lab, labFolder(thisUser(), lab.name)), fault));
  await out.write(`${target} in ${NAMESPACE} does not get ${group}\n`);
  out.say(`kmcast doctor ${target} -n ${NAMESPACE} --group ${group}`);
  return EXIT.ok;
}

/** Throws UserError where there is no such fault. */
export function needFault(name: string): Fault {
  const fault = faults[name];
  if (fault !== undefined) return fault;
  const near = nearNames(name, Object.keys(faults));
  throw new UserError(`there is no fault ${name}${didYouMean(near)}`, {
    hint: 'kmcast lab faults lists them',
    status: EXIT.usage,
  });
}

/** `kmcast lab heal`: the healthy scene, whatever was done to it. */
export async function labHeal(name: string | undefined, globals: GlobalOptions): Promise<number> {
  const out = openTerminal(globals);
  const lab = needLab(name);
  const folder = labFolder(thisUser(), lab.name);
  const fault = currentFault(folder);
  await asUserError(async () => healLab(await openStage(lab, folder)));
  out.say(fault === undefined ? `the lab ${lab.name} is as it was made` : `${fault} is healed`);
  return EXIT.ok;
}

/** `kmcast lab faults`. */
export async function labFaults(output: 'text' | 'json', globals: GlobalOptions): Promise<number> {
  const rows = Object.entries(faults).map(([name, { title, rules, heals }]) => ({ name, title, rules, heals }));
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, title }) => `${name.padEnd(width)}  ${title}\n`);
  await openTerminal(globals).write(output === 'json' ? `${JSON.stringify(rows, null, 2)}\n` : lines.join(''));
  return EXIT.ok;
}
