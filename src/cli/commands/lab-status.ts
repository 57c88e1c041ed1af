import type { KubeObject } from '../../cluster/cluster.ts';
import { connect } from '../../cluster/connect.ts';
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
    const pods = await podLines(lab.ready.kubeconfig);
    await out.write(`${lines.join('\n')}\n\n${labPicture(lab.ready, lab.shape)}\n\n${pods.join('\n')}\n`);
  }
  return lab === undefined ? EXIT.findings : EXIT.ok;
}

interface Pod extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: { readonly phase?: string; readonly podIP?: string };
}

/** All pods, aligned. Throws ClusterError when the API server does not answer. */
async function podLines(kubeconfig: string): Promise<string[]> {
  const cluster = await connect({ kubeconfig });
  const rows = (await cluster.list<Pod>('/api/v1/pods')).map(({ metadata, spec, status }) => [
    `${metadata.namespace}/${metadata.name}`,
    metadata.deletionTimestamp === undefined ? (status?.phase ?? 'Unknown') : 'Terminating',
    spec?.nodeName ?? '',
    status?.podIP ?? '',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `   ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
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
