/** What a lab is made of: chosen by `lab up`, kept until `lab down`. */
import type { PodNetwork } from '../place.ts';

export interface LabShape {
  readonly nodes: number;
  readonly podNetwork: PodNetwork;
  /** With the stream, its namespace and its receiver (../scene.ts). */
  readonly scene: boolean;
}

export const POD_NETWORKS: readonly PodNetwork[] = ['none', 'flat', 'overlay'];

/** Nodes' addresses are .11 and up, the outside host's is .50. */
export const MOST_NODES = 9;

export const DEFAULT_LAB = 'lab';

/** A lab's name is part of paths and of host names: a DNS label (RFC 1123), short. */
export function isLabName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/.test(text);
}

/** The options that make such a lab: `--nodes 2 --pod-network overlay`. */
export function shapeOptions(shape: LabShape): string {
  return `--nodes ${shape.nodes} --pod-network ${shape.podNetwork}${shape.scene ? '' : ' --empty'}`;
}
