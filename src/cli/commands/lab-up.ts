import { realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { thisUser } from '../../lab/host/folder.ts';
import { labPicture } from '../../lab/host/picture.ts';
import { thisSystem } from '../../lab/host/requirements.ts';
import { DEFAULT_LAB, type LabShape } from '../../lab/host/shape.ts';
import { labUp, type UpLab } from '../../lab/host/up.ts';
import type { PodNetwork } from '../../lab/place.ts';
import { EXIT } from '../exit.ts';
import { type GlobalOptions, openTerminal, type Terminal } from '../terminal.ts';
import { labBreak, needFault } from './lab-break.ts';
import { asUserError } from './lab-common.ts';

export interface LabUpOptions {
  readonly name?: string;
  readonly nodes: number;
  readonly podNetwork: PodNetwork;
  readonly empty?: boolean;
  readonly fault?: string;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `kmcast lab up`. Exit status 0 when it is up, also when it was. */
export async function labUpCommand(options: LabUpOptions, globals: GlobalOptions): Promise<number> {
  const { name = DEFAULT_LAB, nodes, podNetwork, fault } = options;
  if (fault !== undefined) needFault(fault);
  const out = openTerminal(globals);
  const lab = await bringUp(name, { nodes, podNetwork, scene: options.empty !== true }, out);
  await out.write(`${labScreen(lab)}\n`);
  return fault === undefined ? EXIT.ok : labBreak(fault, name, globals);
}

/** The lab, made or found; says which. Throws UserError where it cannot be. */
export async function bringUp(name: string, shape: LabShape, out: Terminal): Promise<UpLab> {
  const abort = new AbortController();
  const stop = (): void => abort.abort(new DOMException('interrupted', 'AbortError'));
  for (const signal of SIGNALS) process.on(signal, stop);
  const begun = performance.now();
  const program = realpathSync(process.argv[1] ?? '');
  const example = join(dirname(program), '../docs/examples/reverse-path.json');
  const { lab, isNew } = await asUserError(() =>
    labUp({
      name,
      shape,
      user: thisUser(),
      system: thisSystem(relative(process.cwd(), example)),
      program,
      onStep: (text) => out.progress(text),
      signal: abort.signal,
    }),
  ).finally(() => {
    for (const signal of SIGNALS) process.off(signal, stop);
    out.done();
  });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  out.say(isNew ? `the lab ${lab.name} is up (${seconds} s)` : `the lab ${lab.name} is up already`);
  return lab;
}

/** What there is, and what to type next. */
function labScreen(lab: UpLab): string {
  const other = lab.name === DEFAULT_LAB ? '' : ` ${lab.name}`;
  const next = [
    `export KUBECONFIG=${lab.ready.kubeconfig}`,
    ...(lab.shape.scene ? ['kmcast doctor pod/rx -n video --group 239.10.10.10:5004'] : []),
    `kmcast lab exec${other === '' ? '' : ` --name${other}`} outside -- ip -br address`,
    `kmcast lab down${other}`,
  ];
  return `\n${labPicture(lab.ready, lab.shape)}\n\nNext:\n${next.map((line) => `  ${line}`).join('\n')}`;
}
