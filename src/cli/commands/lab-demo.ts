import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { connect } from '../../cluster/connect.ts';
import { standIn } from '../../lab/demo/kubectl.ts';
import { DEMO_LAB, END, SETTING, STORY } from '../../lab/demo/story.ts';
import { makeTools } from '../../lab/demo/tools.ts';
import { type DemoScreen, demoScreen } from '../demo-screen.ts';
import { EXIT, UserError } from '../exit.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';
import { findLab } from './lab-common.ts';
import { labDownCommand } from './lab-down.ts';

export interface DemoOptions {
  readonly keep?: boolean;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * `kmcast lab demo`: an incident from its report to the proof, by commands that are printed and run. Exit status 0 when all went as
 * told, 3 where there can be no lab.
 */
export async function labDemo({ keep = false }: DemoOptions, globals: GlobalOptions): Promise<number> {
  if (findLab(DEMO_LAB) !== undefined)
    throw new UserError(`the lab ${DEMO_LAB} is up already`, { hint: `kmcast lab down ${DEMO_LAB} ends it` });
  const out = openTerminal(globals);
  const program = realpathSync(process.argv[1] ?? '');
  const tools = makeTools(program, process.env);
  const isColoured = out.style.strong('') !== '';
  const { FORCE_COLOR: _force, NO_COLOR: _no, ...env } = tools.env;
  Object.assign(env, isColoured ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }, { COLUMNS: String(out.style.width) });
  const screen = demoScreen(out, env);
  for (const signal of SIGNALS) process.on(signal, () => screen.interrupt(signal));
  const begun = performance.now();
  try {
    const [up, ...rest] = SETTING;
    if (up !== undefined && !(await isUp(screen, up))) return await savedIncident(screen, program);
    const kubeconfig = findLab(DEMO_LAB)?.ready.kubeconfig ?? '';
    await screen.show(`export KUBECONFIG=${kubeconfig}`);
    env.KUBECONFIG = kubeconfig;
    for (const step of rest) await screen.play(step);
    if (!tools.hasKubectl) await screen.tell('(No kubectl is installed here: kmcast stands in for it)');
    for (const step of STORY) await screen.play(step);
    const seconds = Math.round((performance.now() - begun) / 1000);
    await screen.tell(keep ? `That was it, in ${seconds} s. The lab stays, until:` : `That was it, in ${seconds} s`);
  } finally {
    if (keep && !screen.interrupted) await screen.show(END);
    else if (findLab(DEMO_LAB) !== undefined) {
      await screen.show(END);
      // Not by a process of its own, which a second Ctrl-C would end.
      await labDownCommand(DEMO_LAB, globals);
    }
    tools.remove();
  }
  return EXIT.ok;
}

async function isUp(screen: DemoScreen, { why, command }: (typeof SETTING)[number]): Promise<boolean> {
  await screen.tell(why);
  const { status } = await screen.run(command);
  if (status === EXIT.ok) return true;
  if (status === EXIT.noVerdict) return false;
  throw new UserError(`${command} ended with ${status}`);
}

/** What there is to see where no lab can be. */
async function savedIncident(screen: DemoScreen, program: string): Promise<number> {
  const file = relative(process.cwd(), join(dirname(program), '../docs/examples/reverse-path.json'));
  await screen.tell('No lab can be here; a diagnosis can, of facts that were saved elsewhere');
  await screen.run(`kmcast doctor --snapshot ${file}`);
  return EXIT.noVerdict;
}

/** `kmcast lab kubectl`: hidden, for the demo where no kubectl is installed. */
export async function labKubectl(argv: readonly string[], globals: GlobalOptions): Promise<number> {
  const out = openTerminal(globals);
  try {
    await out.write(await standIn(argv, await connect({}), () => readFileSync(0, 'utf8')));
    return EXIT.ok;
  } catch (error) {
    out.say(error instanceof Error ? error.message : String(error));
    return 1;
  }
}
