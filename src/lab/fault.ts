/** What a fault is: the scene, changed, and what is done to the lab's machines. One file each, in faults/. */

import type { LabShape } from './host/shape.ts';
import { ATTACHMENT, attachedPod, HEALTHY, NAMESPACE, RECEIVER, type Scene, STREAM, sceneObjects } from './scene.ts';

/** A program to run on a machine of the lab: `node1`, `outside`, `lan` (the switches) …, or in the receiving pod's network namespace. */
export interface Action {
  readonly on: string;
  readonly argv: readonly string[];
}

export interface Fault {
  /** What is wrong: told when it is over. */
  readonly title: string;
  /** What doctor must name as the root cause: any one of them. */
  readonly rules: readonly [string, ...string[]];
  /** Whether doctor's plan heals it as printed, or the cause lies where kmcast only advises: an application, a switch. */
  readonly heals: 'plan' | 'advice';
  /** After the fix the pod's own datagrams must reach the multicast LAN, too. */
  readonly sends?: boolean;
  /** What doctor is asked about: its target and its group, where they are not those of the healthy scene. */
  readonly target?: string;
  readonly group?: string;
  readonly scene?: (healthy: Scene) => Scene;
  /** How the objects of the scene are edited once the receiver runs: attachments, and the annotation of the pod. */
  readonly later?: (scene: Scene) => Scene;
  /** Done before the receiver is created, and after it runs. */
  readonly before?: readonly Action[];
  readonly after?: readonly Action[];
  /** Undoes what was done to machines; a step that fails is no failure, since what it undoes may be gone. */
  readonly undo?: readonly Action[];
  /**
   * What an operator does where kmcast only advises: shell commands with kubectl, and what `lab exec` runs on machines. A fault
   * that has neither plan nor cure is no drill.
   */
  readonly cure?: readonly (string | Action)[];
  /** What the lab must be made of. */
  readonly needs?: Partial<Pick<LabShape, 'nodes' | 'podNetwork'>>;
  /** A join beside the receiver's brings the stream for some seconds: doctor's own look does. */
  readonly stirs?: boolean;
  /** Whether the receiver comes to run (default), or is kept from it by the fault. */
  readonly runs?: boolean;
  /** Seconds until the fault shows, when that is not at once. */
  readonly settles?: number;
}

/** Whether a lab of this shape can have it. */
export function isPossible({ needs = {} }: Fault, shape: LabShape): boolean {
  return shape.nodes >= (needs.nodes ?? 1) && (needs.podNetwork ?? shape.podNetwork) === shape.podNetwork;
}

/** What the operator is told does not work: doctor's target and group. */
export function symptomOf({ target = `pod/${RECEIVER}`, group = `${STREAM.group}:${STREAM.port}` }: Fault) {
  return { target, group };
}

/** NAD configurations of the healthy scene with other fields. */
export function withConfig(scene: Scene, change: (config: Record<string, unknown>) => Record<string, unknown>): Scene {
  return {
    ...scene,
    attachments: scene.attachments.map(({ name, config }) => ({
      name,
      config: typeof config === 'string' ? config : change({ ...config }),
    })),
  };
}

/** NAD configurations of which these fields of `ipam` are others. */
export function withIpam(scene: Scene, fields: Readonly<Record<string, unknown>>): Scene {
  return withConfig(scene, (config) => ({ ...config, ipam: { ...(config.ipam as object), ...fields } }));
}

/** The attachment's ipam.routes. */
export function withRoutes(scene: Scene, routes: readonly unknown[]): Scene {
  return withIpam(scene, { routes });
}

export function withReceiver(scene: Scene, change: Partial<Scene['receiver']>): Scene {
  return { ...scene, receiver: { ...scene.receiver, ...change } };
}

/** A chain of the attachment's plugin and `tuning`, which sets sysctls in the pod. */
export function withSysctls(scene: Scene, sysctl: Readonly<Record<string, string>>): Scene {
  return withConfig(scene, ({ cniVersion, name, ...plugin }) => ({
    cniVersion,
    name,
    plugins: [plugin, { type: 'tuning', sysctl }],
  }));
}

/** The receiver uses the network of its node, and needs no attachment. */
export function onHostNetwork(scene: Scene): Scene {
  const { networks: _, ...receiver } = scene.receiver;
  return { ...scene, attachments: [], receiver: { ...receiver, spec: { hostNetwork: true } } };
}

/** host-local counts for each network by itself: the sender's has other addresses to give than the receiver's. */
const SENDER_RANGE = { subnet: '192.168.50.0/24', rangeStart: '192.168.50.200', rangeEnd: '192.168.50.219' };

/** A pod `camera` sends the stream, by an attachment of its own whose ipam is that of the healthy one, changed. */
export function withSender({ stream: _, ...scene }: Scene, change: (ipam: object) => object): Scene {
  const { group, port, rate, ttl } = STREAM;
  const own = withConfig(scene, (config) => ({
    ...config,
    name: 'camera-own',
    ipam: change({ ...(config.ipam as object), ranges: [[SENDER_RANGE]] }),
  }));
  const { resource, object } = attachedPod('camera', 'node1', { group, port, rate, ttl });
  const annotations = { 'k8s.v1.cni.cncf.io/networks': 'camera-own' };
  return {
    ...scene,
    attachments: [...scene.attachments, ...own.attachments.map(({ config }) => ({ name: 'camera-own', config }))],
    objects: [{ resource, object: { ...object, metadata: { ...object.metadata, annotations } } }],
  };
}

/** The stream as one of IPv6. */
export const STREAM6 = { ...STREAM, group: 'ff15::10:10', source: 'fd50::50' };

export const GROUP_PREFIX = `${STREAM.group}/32`;

/** A source that is not on the multicast LAN: the outside host has its address, and sends from it. */
export const FAR_SOURCE = '10.66.0.9';
const farSource = (verb: string): Action => ({
  on: 'outside',
  argv: ['ip', 'address', verb, `${FAR_SOURCE}/32`, 'dev', STREAM.interface],
});
export const FAR_SOURCE_THERE = farSource('replace');
export const NO_FAR_SOURCE = farSource('del');

export function fromFarSource(scene: Scene): Scene {
  return { ...scene, stream: { ...STREAM, source: FAR_SOURCE } };
}

/** The pod has another secondary network too, on the nodes' LAN. It comes first; nothing routes the group to the one with the stream. */
export function withOffice(scene: Scene, routes?: readonly unknown[]): Scene {
  const ipam = { type: 'host-local', ranges: [[{ subnet: '192.168.77.0/24' }]], ...(routes && { routes }) };
  const config = { cniVersion: '0.3.1', name: 'office', type: 'macvlan', master: 'eth0', mode: 'bridge', ipam };
  const changed = withRoutes(scene, []);
  return withReceiver(
    { ...changed, attachments: [{ name: 'office', config }, ...changed.attachments] },
    { networks: `office,${ATTACHMENT}` },
  );
}

/** Routes the group to the multicast LAN on the receiver's node, and whatever a plan added for groups back. */
export const NODE_ROUTE: Action = { on: 'node1', argv: ['ip', 'route', 'replace', GROUP_PREFIX, 'dev', 'eth1'] };
export const NO_NODE_ROUTES: Action = { on: 'node1', argv: ['ip', 'route', 'flush', 'root', '224.0.0.0/4'] };

/** A lab's nodes have no rules in INPUT of their own: what is there is a fault's or a plan's. */
export const NO_NODE_FIREWALL: readonly Action[] = ['iptables', 'ip6tables'].map((argv) => ({
  on: 'node1',
  argv: [argv, '-F', 'INPUT'],
}));

/** Options of the switch of the multicast LAN, a bridge; times are in hundredths of a second. */
export function mcast(options: string): Action {
  return { on: 'lan', argv: ['ip', 'link', 'set', 'mcast', 'type', 'bridge', ...options.split(' ')] };
}

/** The switch as the lab makes it: it snoops, and floods since nobody queries. */
export const ORDINARY_SWITCH: readonly Action[] = [
  mcast('mcast_snooping 1 mcast_querier 0 mcast_query_interval 12500 mcast_startup_query_interval 3125'),
  mcast('mcast_query_response_interval 1000 mcast_membership_interval 26000'),
];

const KUBECTL = `kubectl -n ${NAMESPACE}`;

/** Creates the receiver anew, as it is. */
export const RECREATE = `${KUBECTL} get pod ${RECEIVER} -o yaml | kubectl replace --force -f -`;

/** Creates the receiver anew with other variables: `PORT=5004`, and `JOIN-` for none. */
export function withVariables(words: string): string {
  return `${KUBECTL} set env pod/${RECEIVER} ${words} --dry-run=client -o yaml | kubectl replace --force -f -`;
}

/** The attachment as it is in the healthy lab, and the receiver anew. */
export function healthyAttachment(): readonly string[] {
  const attachments = sceneObjects(HEALTHY).filter(({ object }) => object.kind === 'NetworkAttachmentDefinition');
  return [...attachments.map(({ object }) => `kubectl apply -f - <<'EOF'\n${JSON.stringify(object)}\nEOF`), RECREATE];
}
