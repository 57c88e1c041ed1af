/** The machines of a lab: namespaces of this one, made by the lab's host, used by its kubelets and by whoever looks in. */
import type { ChildProcess, SpawnOptions } from 'node:child_process';

/** What carries the pods' eth0: `overlay` as Flannel's vxlan does, `flat` one L2 segment, `none` routes (no multicast at all). */
export type PodNetwork = 'none' | 'flat' | 'overlay';

/** A machine: a network, mount, UTS and pid namespace of its own. */
export interface Place {
  /** `node1`, `outside` … */
  readonly name: string;
  /** Its first process, in the pid namespace of the lab's daemon; what nsenter(1) takes. */
  readonly pid: number;
  /** Its addresses: `lan` joins the nodes (eth0), `multicast` is the multicast LAN (eth1). */
  readonly lan: string;
  readonly multicast: string;
  /** What it keeps on disk; in the lab's own folder. */
  readonly folder: string;
  /** Runs a program in all of the machine's namespaces, with the machine's root. No shell. */
  spawn(argv: readonly string[], options?: SpawnOptions): ChildProcess;
  /** The same to its end. Rejects with the program, its status and its stderr when that is not 0. */
  run(argv: readonly string[], input?: string): Promise<string>;
}

export interface Node extends Place {
  /** Its part of the pods' addresses: 10.44.1.0/24. */
  readonly podCidr: string;
}

export interface Places {
  readonly nodes: readonly Node[];
  /** A host that is not in the cluster, on both LANs. */
  readonly outside: Place;
  readonly podNetwork: PodNetwork;
  /** The lab's folder: kubeconfig, state, logs. Removed by `lab down`. */
  readonly folder: string;
  /** False in an unprivileged user namespace: uid 0 is the only uid there is. */
  readonly manyUsers: boolean;
}
