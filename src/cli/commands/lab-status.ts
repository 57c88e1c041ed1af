import { labNames, thisUser } from '../../lab/host/folder.ts';
import { labPicture } from '../../lab/host/picture.ts';
import { DEFAULT_LAB, shapeOptions } from '../../lab/host/shape.ts';
import { EXIT } from '../exit.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';
import { findLab } from './lab-common.ts';

interface StatusOptions {
  readonly output: 'text' | 'json';
}

/** `kmcast lab status`. Exit status 1 when it is not up. */
export async function labStatus(
  name: string = DEFAULT_LAB,
  options: StatusOptions,
  globals: GlobalOptions,
): Promise<number> {
  const out = openTerminal(globals);
  const lab = findLab(name);
  if (options.output === 'json') await out.write(`${JSON.stringify(lab ?? { name, ready: null }, null, 2)}\n`);
  else if (lab === undefined) await out.write(`the lab ${name} is not up\n`);
  else {
    const lines = [
      `the lab ${name} is up since ${lab.since} (${shapeOptions(lab.shape)})`,
      `API server ${lab.ready.server}`,
      `kubeconfig ${lab.ready.kubeconfig}`,
    ];
    await out.write(`${lines.join('\n')}\n\n${labPicture(lab.ready, lab.shape)}\n`);
  }
  return lab === undefined ? EXIT.findings : EXIT.ok;
}

/** `kmcast lab list`: one line a lab, also for those of which a crash left only the folder. */
export async function labList(options: StatusOptions, globals: GlobalOptions): Promise<number> {
  const out = openTerminal(globals);
  const labs = labNames(thisUser()).map((name) => ({ name, lab: findLab(name) }));
  if (options.output === 'json') {
    const items = labs.map(({ name, lab }) => lab ?? { name, ready: null });
    await out.write(`${JSON.stringify(items, null, 2)}\n`);
    return EXIT.ok;
  }
  const lines = labs.map(({ name, lab }) =>
    lab === undefined
      ? `${name}  not up (kmcast lab down ${name} removes its folder)`
      : `${name}  up since ${lab.since}  ${shapeOptions(lab.shape)}`,
  );
  await out.write(lines.length === 0 ? 'no labs\n' : `${lines.join('\n')}\n`);
  return EXIT.ok;
}
