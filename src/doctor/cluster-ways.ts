/** Addresses that a pod must reach through the cluster network, and the way that its routes take to them. */

import { parsePrefix } from '../model/address.ts';
import { valueIn } from '../model/fact.ts';
import { lookup, type RouteFound } from '../model/route-lookup.ts';
import type { Case } from './case.ts';
import { routingOf } from './routing.ts';

export interface ClusterAddress {
  readonly address: string;
  /** `a Service`, `the pods of node1`, `node node1`. */
  readonly what: string;
}

/** IPv4 addresses of Services and of the nodes' pods. */
export function clusterAddresses(c: Case): ClusterAddress[] {
  const services = valueIn(c.snapshot.cluster.serviceAddresses) ?? [];
  const nodes = valueIn(c.snapshot.cluster.nodes) ?? [];
  const all = [
    ...services.map((address) => ({ address, what: 'the Service address' })),
    ...nodes.flatMap((n) =>
      n.podCIDRs.flatMap((cidr) => inside(cidr)).map((address) => ({ address, what: `a pod address of ${n.name}` })),
    ),
  ];
  return all.filter(({ address }) => address.includes('.'));
}

/** IPv4 addresses of the nodes. */
export function nodeAddresses(c: Case): ClusterAddress[] {
  const nodes = valueIn(c.snapshot.cluster.nodes) ?? [];
  return nodes.flatMap((n) =>
    n.internalIPs.filter((ip) => ip.includes('.')).map((address) => ({ address, what: `node ${n.name}` })),
  );
}

/** The way of a datagram from the pod to the address; `undefined` when there is none. */
export function wayTo(c: Case, address: string): RouteFound | undefined {
  const way = lookup(routingOf(c.ns), { family: 4, destination: address });
  return way.kind === 'route' ? way : undefined;
}

function inside(cidr: string): string[] {
  const prefix = parsePrefix(cidr);
  return prefix === undefined ? [] : [prefix.address];
}
