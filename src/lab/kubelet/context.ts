/** What the parts of a kubelet share. */
import type { KubeObject } from '../object.ts';
import type { Node } from '../place.ts';
import type { PodNetworks } from '../pod-networks.ts';
import type { Store } from '../store.ts';
import type { PodSandbox } from './sandbox.ts';
import type { MountedVolume } from './volumes.ts';

export interface KubeletContext {
  readonly store: Store;
  readonly node: Node;
  readonly networks: PodNetworks;
  readonly manyUsers: boolean;
  /** Patterns of sysctls that pods may set beyond the safe ones (--allowed-unsafe-sysctls). */
  readonly allowedSysctls: readonly string[];
  /** Milliseconds before the second restart of a container; doubled for each further one. */
  readonly backoff: number;
  /** Starts pods, so many at a time. */
  readonly limit: <T>(task: () => Promise<T>) => Promise<T>;
  event(pod: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void;
}

/** A pod whose sandbox is there. */
export interface PodContext {
  readonly kubelet: KubeletContext;
  readonly sandbox: PodSandbox;
  readonly hostname: string;
  readonly addresses: readonly string[];
  readonly volumes: ReadonlyMap<string, MountedVolume>;
  /** The pod as it is now. */
  pod(): KubeObject;
}
