/** A lab that is up, as those who break and heal it see it: its API, its machines, its stream. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { connect } from '../cluster/connect.ts';
import type { Action } from './fault.ts';
import { run } from './host/child.ts';
import { enterLab } from './host/enter-lab.ts';
import { LabError } from './host/lab-error.ts';
import type { LabShape } from './host/shape.ts';
import { STREAM_FILE } from './host/stream.ts';
import type { UpLab } from './host/up.ts';
import type { Sending } from './programs.ts';
import { NAMESPACE, RECEIVER } from './scene.ts';

export interface ReceivingPod extends KubeObject {
  readonly spec: { readonly nodeName?: string; readonly hostNetwork?: boolean };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly state?: { readonly waiting?: { readonly reason?: string } } }[];
  };
}

export interface Stage {
  readonly folder: string;
  readonly shape: LabShape;
  readonly cluster: Cluster;
  /** The newest pod of the receiver, also a Deployment's. */
  receiver(): Promise<ReceivingPod | undefined>;
  /** Runs a program on a machine, or in the receiving pod's network namespace (`pod`). Resolves to stdout; rejects when it fails. */
  act(action: Action): Promise<string>;
  /** What the outside host sends from now on; undefined: nothing. */
  send(stream: Sending | undefined): void;
}

/** Programs of system administration are not in an ordinary user's PATH. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Where containerd keeps what runs, and the lab's kubelets too. */
const RUNTIME = '/run/containerd/io.containerd.runtime.v2.task/k8s.io';
/** On a node: $1 is the pod's UID, the rest runs in the network namespace of its sandbox. */
const IN_POD = `uid=$1; shift; for c in ${RUNTIME}/*/config.json; do
grep -q "$uid" "$c" && exec nsenter -t "$(cat "\${c%/*}/init.pid")" -n -- "$@"; done; echo "no sandbox of the pod" >&2; exit 1`;

export async function openStage(lab: UpLab, folder: string): Promise<Stage> {
  const cluster = await connect({ kubeconfig: lab.ready.kubeconfig });
  const places = [...lab.ready.places, { name: 'lan', pid: lab.ready.switches }];

  const onMachine = (name: string, argv: readonly string[]): Promise<string> => {
    const place = places.find((p) => p.name === name);
    if (place === undefined) throw new LabError(`the lab ${lab.name} has no machine ${name}`);
    const entered = enterLab(lab, place, process.getuid?.() === 0, argv);
    if (entered === undefined) throw new LabError(`the lab ${lab.name} has just ended`);
    return run(entered, undefined, { env: { ...process.env, PATH } });
  };

  const receiver = async (): Promise<ReceivingPod | undefined> => {
    const pods = await cluster.list<ReceivingPod>(`/api/v1/namespaces/${NAMESPACE}/pods`, {
      labelSelector: `app=${RECEIVER}`,
    });
    return pods
      .filter((pod) => pod.metadata.deletionTimestamp === undefined)
      .sort((a, b) => (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''))
      .at(-1);
  };

  return {
    folder,
    shape: lab.shape,
    cluster,
    receiver,
    act: async ({ on, argv }) => {
      if (on !== 'pod') return onMachine(on, argv);
      const pod = await receiver();
      if (pod?.spec.nodeName === undefined) throw new LabError(`there is no pod ${RECEIVER} on any node`);
      return onMachine(pod.spec.nodeName, ['sh', '-c', IN_POD, 'sh', pod.metadata.uid ?? '', ...argv]);
    },
    send: (stream) => {
      // In one step: the lab looks at it several times a second.
      const file = join(folder, STREAM_FILE);
      writeFileSync(`${file}.new`, JSON.stringify(stream ?? null));
      renameSync(`${file}.new`, file);
    },
  };
}
