/** Which throw-away pods are made, where. */

/** What a pod is for. `bystander`: it joins nothing. */
export type Role = 'sender' | 'member' | 'bystander' | 'other-namespace' | 'host';

export interface Placement {
  readonly role: Role;
  readonly node: string;
  readonly namespace: string;
  readonly hostNetwork: boolean;
}

export interface PlacementWishes {
  /** The sender is on the first. */
  readonly nodes: readonly string[];
  readonly namespace: string;
  /** Another namespace; undefined when there is none to be had. */
  readonly other?: string;
  /** Where pods on the nodes' own network may be made; undefined when nowhere. */
  readonly host?: string;
}

/** A member and a bystander on the first two nodes, a member on each further one. */
export function placementsOf({ nodes, namespace, other, host }: PlacementWishes): Placement[] {
  const [first] = nodes;
  const both = nodes.slice(0, 2);
  const plain = (role: Role, node: string, where = namespace): Placement => ({
    role,
    node,
    namespace: where,
    hostNetwork: false,
  });
  return [
    ...(first === undefined ? [] : [plain('sender', first)]),
    ...nodes.map((node) => plain('member', node)),
    ...both.map((node) => plain('bystander', node)),
    ...(other === undefined ? [] : both.map((node) => plain('other-namespace', node, other))),
    ...(host === undefined
      ? []
      : both.map((node): Placement => ({ role: 'host', node, namespace: host, hostNetwork: true }))),
  ];
}

/** `5 pods in video (node1: 3, node2: 2)`, one part for each namespace. */
export function describePlacements(placements: readonly Placement[]): string {
  const parts = new Map<string, Map<string, number>>();
  for (const { namespace, node, hostNetwork } of placements) {
    const where = `in namespace ${namespace}${hostNetwork ? ' with hostNetwork' : ''}`;
    const nodes = parts.get(where) ?? new Map<string, number>();
    parts.set(where, nodes.set(node, (nodes.get(node) ?? 0) + 1));
  }
  const texts = [...parts].map(([where, nodes]) => {
    const total = [...nodes.values()].reduce((sum, count) => sum + count, 0);
    const each = [...nodes].map(([node, count]) => `${node}: ${count}`).join(', ');
    return `${total} ${total === 1 ? 'pod' : 'pods'} ${where} (${each})`;
  });
  return texts.join(', ');
}
