/** A machine of the lab with a kubelet, and what tests ask of its pods. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { startMachine } from '../../../src/lab/host/machine.ts';
import { writeScripts } from '../../../src/lab/host/scripts.ts';
import { type Kubelet, type KubeletOptions, startKubelet } from '../../../src/lab/kubelet/kubelet.ts';
import { podRuntime } from '../../../src/lab/kubelet/runtime.ts';
import type { KubeObject } from '../../../src/lab/object.ts';
import type { Node } from '../../../src/lab/place.ts';
import type { PodNetworks } from '../../../src/lab/pod-networks.ts';
import type { PodRuntime } from '../../../src/lab/pod-runtime.ts';
import { createStore } from '../../../src/lab/store/memory-store.ts';
import type { Store } from '../../../src/lab/store.ts';

export interface Bench {
  readonly store: Store;
  readonly node: Node;
  readonly kubelet: Kubelet;
  readonly runtime: PodRuntime;
  /** Creates a pod on the node; `spec` of one container may be given by `c` alone. */
  pod(name: string, spec: object, metadata?: object): KubeObject;
  /** Resolves with the pod when it is so; rejects after 15 s, saying how it is instead. */
  until(name: string, holds: (pod: KubeObject) => unknown): Promise<KubeObject>;
  gone(name: string): Promise<void>;
  exec(pod: string, command: readonly string[], input?: string, more?: object): Promise<Ended>;
  log(pod: string, more?: object): Promise<string>;
  events(pod: string): string[];
  end(): Promise<void>;
}

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function startBench(manyUsers: boolean, more: Partial<KubeletOptions> = {}): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'kmcast-kubelet-'));
  writeScripts(folder);
  mkdirSync(join(folder, 'places'));
  const name = `k${process.pid}`;
  const machine = await startMachine({
    name,
    lan: '192.168.40.11',
    multicast: '192.168.50.11',
    labFolder: folder,
    placesFolder: join(folder, 'places'),
  });
  await machine.mounted;
  const node: Node = { ...machine, podCidr: '10.44.1.0/24' };
  await node.run(['ip', 'link', 'set', 'lo', 'up']);
  const store = createStore();
  store.create('namespaces', { metadata: { name: 'test' } });
  const kubelet = startKubelet({ store, node, places: { manyUsers }, networks: noNetworks(), backoff: 300, ...more });
  const runtime = podRuntime([kubelet]);
  return {
    store,
    node,
    kubelet,
    runtime,
    pod: (podName, spec, metadata) => createPod(store, name, podName, spec, metadata),
    until: (podName, holds) => until(store, podName, holds),
    async gone(podName) {
      await waitFor(() => store.get('pods', 'test', podName) === undefined && !kubelet.pod('test', podName), podName);
    },
    exec: (pod, command, input, wishes) => exec(runtime, pod, command, input, wishes),
    async log(pod, wishes) {
      const request = { namespace: 'test', pod, follow: false, previous: false, timestamps: false, ...wishes };
      return text(await runtime.logs(request));
    },
    events: (pod) =>
      store
        .list('events', 'test')
        .filter(({ involvedObject }) => involvedObject.name === pod)
        .map(({ type, reason, message }) => `${type} ${reason} ${message}`),
    async end() {
      await kubelet.close();
      process.kill(node.pid, 'SIGKILL');
      await machine.lost.catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Networks that are always there: one address for all. */
export function noNetworks(more: Partial<PodNetworks> = {}): PodNetworks {
  return { attach: async () => ({ addresses: ['10.44.1.2'], status: '[]' }), detach: async () => {}, ...more };
}

export async function text(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
}

function createPod(store: Store, nodeName: string, name: string, spec: object, metadata: object = {}): KubeObject {
  const { c, ...rest } = spec as { c?: object };
  const containers = c && [{ name: 'c', image: 'lab/busybox:1', ...c }];
  return store.create('pods', {
    metadata: { name, namespace: 'test', ...metadata },
    spec: { nodeName, terminationGracePeriodSeconds: 1, ...(containers && { containers }), ...rest },
  });
}

async function until(store: Store, name: string, holds: (pod: KubeObject) => unknown): Promise<KubeObject> {
  let pod: KubeObject | undefined;
  await waitFor(
    () => {
      pod = store.get('pods', 'test', name);
      return pod !== undefined && holds(pod);
    },
    () =>
      `${name}: ${JSON.stringify(pod?.status)} ${JSON.stringify(store.list('events').map((event) => event.message))}`,
  );
  return pod as KubeObject;
}

async function waitFor(holds: () => unknown, what: string | (() => string)): Promise<void> {
  const end = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`still not so: ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function exec(
  runtime: PodRuntime,
  pod: string,
  command: readonly string[],
  input?: string,
  more: object = {},
): Promise<Ended> {
  const request = { namespace: 'test', pod, command, stdin: input !== undefined, tty: false, ...more };
  const process = await runtime.exec(request);
  process.stdin?.end(input);
  const [out, err, code] = await Promise.all([
    text(process.stdout),
    process.stderr ? text(process.stderr) : '',
    process.ended,
  ]);
  return { code, out, err };
}
