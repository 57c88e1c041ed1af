/** Who plays which part in the cases: pods that were made, hosts' pods, this machine; or why one is missing. */
import { type End, HERE } from '../probe/ends.ts';
import type { Vantage } from '../vantage/vantage.ts';
import type { EndReport } from './conformance-report.ts';
import type { Role } from './placement.ts';
import type { NoPod, OwnPod } from './pods.ts';

/** One end of a case. `label`: for people. */
export type Seat =
  | { readonly label: string; readonly end: End; readonly vantage?: Vantage }
  | { readonly label: string; readonly missing: string };

export interface Cast {
  /** The sender is on the first. */
  readonly nodes: readonly string[];
  /** The pod of that role on the node with this index. */
  seat(role: Role, index: number): Seat;
  /** The end outside of the cluster. */
  readonly outside: Seat;
}

/** Why parts are missing that were not even asked for. */
export interface Missing {
  readonly other?: string;
  readonly host?: string;
  readonly outside?: string;
}

const ONE_NODE = 'there is one node only, and two are needed';

export function castOf(nodes: readonly string[], made: readonly (OwnPod | NoPod)[], missing: Missing): Cast {
  const seat = (role: Role, index: number): Seat => {
    const node = nodes[index];
    const found = made.find(({ placement }) => placement.role === role && placement.node === node);
    if (node === undefined) return { label: `${role} on another node`, missing: ONE_NODE };
    const label = labelOf(role, node);
    if (found === undefined) return { label, missing: whyOf(role, missing) };
    if ('refused' in found) return { label, missing: `no pod for it: ${found.refused}` };
    return { label, end: endOf(found), vantage: found.vantage };
  };
  const outside: Seat =
    missing.outside === undefined ? { label: 'local', end: HERE } : { label: 'outside', missing: missing.outside };
  return { nodes, seat, outside };
}

function whyOf(role: Role, { other, host }: Missing): string {
  return (role === 'other-namespace' ? other : role === 'host' ? host : undefined) ?? 'no pod was made for it';
}

function labelOf(role: Role, node: string): string {
  if (role === 'host') return `host ${node}`;
  return role === 'other-namespace' ? `pod ${node}, other namespace` : `pod ${node}`;
}

function endOf({ pod, placement }: OwnPod): End {
  const { name, namespace = placement.namespace } = pod.metadata;
  const addresses = (pod.status?.podIPs ?? []).map(({ ip }) => ip);
  return { name: `pod/${name}`, namespace, node: placement.node, addresses, pod };
}

/** What became of every pod that was to be made. */
export function endReports(made: readonly (OwnPod | NoPod)[]): EndReport[] {
  return made.map((one) => {
    const { role, node, namespace, hostNetwork } = one.placement;
    const base = { role, node, namespace, hostNetwork };
    if ('refused' in one) return { ...base, addresses: [], problem: one.refused };
    const addresses = (one.pod.status?.podIPs ?? []).map(({ ip }) => ip);
    return { ...base, pod: one.pod.metadata.name, image: one.image, addresses };
  });
}
