/** A new attachment for a pod that has none: a macvlan on the NIC that carries the group. */

import type { Case } from '../doctor/case.ts';
import { contains } from '../model/address.ts';
import { valueIn } from '../model/fact.ts';
import type { Json } from '../model/nad.ts';
import { freeAddresses, subnetOf } from './free-address.ts';
import { mendConfig, type RouteWants } from './nad-config.ts';

export interface NewAttachment {
  readonly namespace: string;
  readonly name: string;
  readonly config: Json;
  /** How the address was chosen, for the step's title and the operator's LAN people. */
  readonly note: string;
}

/** The attachment for the case's pod on this parent interface of its node, under a name that is free, or the one that the pod asks for. */
export function newAttachment(
  c: Case,
  parent: string,
  wants: RouteWants,
  as?: { readonly namespace: string; readonly name: string },
): NewAttachment {
  const replicas = Math.max(1, ...(c.pod?.owners.map((o) => o.replicas ?? 1) ?? [1]));
  const { ipam, note } = ipamFor(c, parent, replicas);
  const name =
    as?.name ?? freeName(c, `multicast-${parent.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.replace(/-+$/, ''));
  const onLink = subnetOf(c.snapshot, c.target.node, parent);
  const sources = wants.sources.filter((source) => onLink === undefined || !contains(onLink, source));
  const config = mendConfig({ cniVersion: '0.3.1', name, type: 'macvlan', master: parent, mode: 'bridge', ipam }, [], {
    ...wants,
    sources,
  });
  return { namespace: as?.namespace ?? c.pod?.namespace ?? c.snapshot.question.namespace, name, config, note };
}

function ipamFor(c: Case, parent: string, replicas: number): { ipam: Json; note: string } {
  const subnet = subnetOf(c.snapshot, c.target.node, parent);
  const free = subnet === undefined ? [] : freeAddresses(c.snapshot, subnet, replicas);
  const [length] = subnet?.split('/').slice(1) ?? [];
  if (free[0] === undefined) {
    const address = linkLocal(c.pod?.uid ?? c.target.name);
    return {
      ipam: { type: 'static', addresses: [{ address: `${address}/32` }] },
      note: `${subnet === undefined ? `${parent} of the node has no IPv4 network to take an address of` : `in ${subnet} no ${replicas === 1 ? 'address is' : `${replicas} addresses in a row are`} known to be free`}; ${address} (link-local) is enough to receive. Ask the LAN’s owner for an address if routers or peers must reach the pod`,
    };
  }
  const asked = 'no neighbour answered for it, no pod, node or pool has it; have the LAN’s owner confirm it';
  if (replicas === 1)
    return {
      ipam: { type: 'static', addresses: [{ address: `${free[0]}/${length}` }] },
      note: `address ${free[0]}: ${asked}`,
    };
  const [from, to] = [free.at(-1)!, free[0]];
  if (valueIn(c.snapshot.cluster.whereabouts) === true) {
    return {
      ipam: { type: 'whereabouts', range: subnet, range_start: from, range_end: to },
      note: `addresses ${from} to ${to}: ${asked}`,
    };
  }
  return {
    ipam: { type: 'host-local', ranges: [[{ subnet, rangeStart: from, rangeEnd: to }]] },
    note: `addresses ${from} to ${to}: ${asked}. host-local counts on each node for itself: with pods on several nodes use whereabouts, or a range for each node`,
  };
}

/** 169.254.x.y (RFC 3927 §2.1), the same for the same pod. */
function linkLocal(seed: string): string {
  let hash = 0;
  for (const char of seed) hash = (hash * 31 + char.charCodeAt(0)) & 0xffff;
  return `169.254.${1 + ((hash >> 8) % 254)}.${1 + ((hash & 0xff) % 254)}`;
}

function freeName(c: Case, wanted: string): string {
  const taken = new Set(
    (valueIn(c.snapshot.cluster.attachments) ?? [])
      .filter((nad) => nad.namespace === c.pod?.namespace)
      .map((nad) => nad.name),
  );
  for (let i = 1; ; i++) {
    const name = i === 1 ? wanted : `${wanted}-${i}`;
    if (!taken.has(name)) return name;
  }
}
