/** What a fault is: the scene, changed, and what is done to the lab's machines. One file each, in faults/. */
import type { Scene } from './scene.ts';

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
