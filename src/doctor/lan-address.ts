/** An address for the target's pod alone, on the LAN of one of its attachments. */
import { valueIn } from '../model/fact.ts';
import { isObject, type Json } from '../model/nad.ts';
import { freeAddresses, subnetOf } from '../plan/free-address.ts';
import type { Case } from './case.ts';

/** A static address for one pod, or a whereabouts pool where the cluster has whereabouts; `undefined` where neither can be told. */
export function ipamOnLan(
  c: Case,
  subnet: string | undefined,
): { readonly ipam: Json; readonly addresses: string } | undefined {
  const replicas = replicasOf(c);
  const free = subnet === undefined ? [] : freeAddresses(c.snapshot, subnet, replicas);
  const [to] = free;
  const from = free.at(-1);
  if (subnet === undefined || to === undefined || from === undefined || free.length < replicas) return undefined;
  if (replicas === 1 && c.pod?.owners.every((owner) => owner.kind !== 'DaemonSet') !== false) {
    const address = `${to}/${subnet.split('/')[1]}`;
    return { ipam: { type: 'static', addresses: [{ address }] }, addresses: to };
  }
  if (valueIn(c.snapshot.cluster.whereabouts) !== true) return undefined;
  return {
    ipam: { type: 'whereabouts', range: subnet, range_start: from, range_end: to },
    addresses: `${from} to ${to}`,
  };
}

/** The subnet that the node has on the interface. */
export function nodeSubnet(c: Case, name: string | undefined): string | undefined {
  return name === undefined ? undefined : subnetOf(c.snapshot, c.target.node, name);
}

/** The configuration with another `ipam`; routes of the old one stay. */
export function withIpam(json: Json, ipam: Json): Json {
  const change = (plugin: Json): Json => {
    const routes = isObject(plugin.ipam) && Array.isArray(plugin.ipam.routes) ? { routes: plugin.ipam.routes } : {};
    return { ...plugin, ipam: { ...ipam, ...routes } };
  };
  if (!Array.isArray(json.plugins)) return change(json);
  return { ...json, plugins: json.plugins.map((plugin, i) => (i === 0 && isObject(plugin) ? change(plugin) : plugin)) };
}

function replicasOf(c: Case): number {
  return Math.max(1, ...(c.pod?.owners.map((owner) => owner.replicas ?? 1) ?? []));
}
