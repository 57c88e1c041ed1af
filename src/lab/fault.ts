/** What a fault is: the scene, changed, and what is done to the lab's machines. One file each, in faults/. */
import { type Scene, STREAM } from './scene.ts';

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
  /** Whether the receiver comes to run (default), or is kept from it by the fault. */
  readonly runs?: boolean;
  /** Seconds until the fault shows, when that is not at once. */
  readonly settles?: number;
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

/** The attachment's ipam.routes. */
export function withRoutes(scene: Scene, routes: readonly unknown[]): Scene {
  return withConfig(scene, (config) => ({ ...config, ipam: { ...(config.ipam as object), routes } }));
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

/** The stream as one of IPv6. */
export const STREAM6 = { ...STREAM, group: 'ff15::10:10', source: 'fd50::50' };

export const GROUP_PREFIX = `${STREAM.group}/32`;

/** Routes the group to the multicast LAN on the receiver's node, and whatever a plan added for groups back. */
export const NODE_ROUTE: Action = { on: 'node1', argv: ['ip', 'route', 'replace', GROUP_PREFIX, 'dev', 'eth1'] };
export const NO_NODE_ROUTES: Action = { on: 'node1', argv: ['ip', 'route', 'flush', 'root', '224.0.0.0/4'] };

/** A lab's nodes have no rules in INPUT of their own: what is there is a fault's or a plan's. */
export const NO_NODE_FIREWALL: readonly Action[] = ['iptables', 'ip6tables'].map((argv) => ({
  on: 'node1',
  argv: [argv, '-F', 'INPUT'],
}));
