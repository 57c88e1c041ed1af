import { realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { thisUser } from '../../lab/host/folder.ts';
import { labPicture } from '../../lab/host/picture.ts';
import { thisSystem } from '../../lab/host/requirements.ts';
import { DEFAULT_LAB } from '../../lab/host/shape.ts';
import { labUp, type UpLab } from '../../lab/host/up.ts';
import type { PodNetwork } from '../../lab/place.ts';
import { EXIT } from '../exit.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';
import { asUserError } from './lab-common.ts';

export interface LabUpOptions {
  readonly name?: string;
  readonly nodes: number;
  readonly podNetwork: PodNetwork;
  readonly empty?: boolean;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `kmcast lab up`. Exit status 0 when it is up, also when it was. */
export async function labUpCommand(options: LabUpOptions, globals: GlobalOptions): Promise<number> {
  const out = openTerminal(globals);
  const abort = new AbortController();
  const stop = (): void => abort.abort(new DOMException('interrupted', 'AbortError'));
  for (const signal of SIGNALS) process.on(signal, stop);
  const begun = performance.now();
  const program = realpathSync(process.argv[1] ?? '');
  const example = join(dirname(program), '../docs/examples/reverse-path.json');
  const { lab, isNew } = await asUserError(() =>
    labUp({
      name: options.name ?? DEFAULT_LAB,
      shape: { nodes: options.nodes, podNetwork: options.podNetwork, scene: options.empty !== true },
      user: thisUser(),
      system: thisSystem(relative(process.cwd(), example)),
      program,
      onStep: (text) => out.progress(text),
      signal: abort.signal,
    }),
  ).finally(() => out.done());
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  out.say(isNew ? `the lab ${lab.name} is up (${seconds} s)` : `the lab ${lab.name} is up already`);
  await out.write(`${labScreen(lab)}\n`);
  return EXIT.ok;
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
