/** A lab's machines with their pod network, and sandboxes as a kubelet makes them. */
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterObjects } from '../../../src/lab/cni/cluster-objects.ts';
import { podNetworks } from '../../../src/lab/cni/pod-networks.ts';
import { prepareNodes } from '../../../src/lab/cni/prepare-nodes.ts';
import { startPlaces } from '../../../src/lab/host/places.ts';
import { writeScripts } from '../../../src/lab/host/scripts.ts';
import type { KubeObject } from '../../../src/lab/object.ts';
import type { Node, Places, PodNetwork } from '../../../src/lab/place.ts';
import type { Networks, PodNetworks, Sandbox } from '../../../src/lab/pod-networks.ts';
import { createStore } from '../../../src/lab/store/memory-store.ts';
import type { Store } from '../../../src/lab/store.ts';

export interface Lab {
  readonly places: Places;
  readonly store: Store;
  readonly networks: PodNetworks;
  close(): void;
}

export interface TestPod {
  readonly pod: KubeObject;
  readonly node: Node;
  readonly sandbox: Sandbox;
  readonly networks: Networks;
}

export async function startLab(podNetwork: PodNetwork, nodes = 2): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), `kmcast-cni-${process.pid}-`));
  writeScripts(folder);
  const places = await startPlaces(folder, { nodes, podNetwork, scene: false }, true);
  places.lost.catch(() => {});
  await prepareNodes(places);
  const store = createStore();
  for (const { resource, object } of clusterObjects(podNetwork)) store.create(resource, object);
  return {
    places,
    store,
    networks: podNetworks(store),
    close() {
      for (const { pid } of [...places.nodes, places.outside]) kill(pid);
      kill(places.switches);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function nad(lab: Lab, name: string, config: object | string, namespace = 'default'): void {
  lab.store.create('network-attachment-definitions.k8s.cni.cncf.io', {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name, namespace },
    spec: { config: typeof config === 'string' ? config : JSON.stringify(config) },
  });
}

let pods = 0;

/** A pod on a node, attached as its annotation says; rejects with what the kubelet would report. */
export async function startPod(lab: Lab, node: Node, annotation?: object | string): Promise<TestPod> {
  const text = typeof annotation === 'object' ? JSON.stringify(annotation) : annotation;
  const pod = lab.store.create('pods', {
    metadata: {
      name: `pod${++pods}`,
      namespace: 'default',
      ...(text === undefined ? {} : { annotations: { 'k8s.v1.cni.cncf.io/networks': text } }),
    },
    spec: { nodeName: node.name, containers: [{ name: 'app', image: 'lab/app:1' }] },
  });
  const sandbox = await makeSandbox(node);
  try {
    return { pod, node, sandbox, networks: await lab.networks.attach(pod, node, sandbox) };
  } catch (error) {
    kill(sandbox.pid);
    throw error;
  }
}

/** What a pod's program sees: `ip …` in its network namespace. */
export function inPod({ node, sandbox }: TestPod, ...words: string[]): Promise<string> {
  return node.run(['nsenter', `--net=/proc/${sandbox.nodePid}/ns/net`, ...words]);
}

/** The kubelet's words, without the sandbox's and the pod's ids. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    return String(error instanceof Error ? error.message : error)
      .replaceAll(/[0-9a-f]{64}/g, 'ID')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID')
      .replaceAll(/pod\d+/g, 'POD');
  }
  throw new Error('nothing was refused');
}

/** host-local's reservations of a network. */
export async function reservations(node: Node, network: string): Promise<string[]> {
  const names = await node.run(['ls', '-1', `/var/lib/cni/networks/${network}`]).catch(() => '');
  return names.split('\n').filter((name) => /^[\d.]+$/.test(name));
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

async function makeSandbox(node: Node): Promise<Sandbox> {
  const child = node.spawn(['unshare', '--net', 'sh', '-c', 'echo $$; exec sleep infinity'], { stdio: 'pipe' });
  const nodePid = await new Promise<number>((resolve, reject) => {
    child.stdout?.once('data', (text) => resolve(Number(String(text))));
    child.once('error', reject);
  });
  const namespace = readlinkSync(`/proc/${node.pid}/ns/pid`);
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && isIn(name, namespace, nodePid));
  if (pid === undefined) throw new Error(`process ${nodePid} of ${node.name} is not in sight`);
  return {
    id: Array.from({ length: 64 }, () => Math.floor(Math.random() * 16).toString(16)).join(''),
    pid: Number(pid),
    nodePid,
  };
}

function isIn(pid: string, namespace: string, inner: number): boolean {
  try {
    const inside = /^NSpid:.*\s(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(inside) === inner && readlinkSync(`/proc/${pid}/ns/pid`) === namespace;
  } catch {
    return false;
  }
}
