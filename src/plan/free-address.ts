/** An address for a pod on a LAN: one that nobody has been seen to use, from the far end of the network, where DHCP and routers rarely are. */

import type { Snapshot } from '../facts/snapshot.ts';
import { contains, familyOf, fromNumber, networkAddress, parsePrefix, toNumber } from '../model/address.ts';
import { valueIn } from '../model/fact.ts';
import { parseNadConfig } from '../model/nad.ts';

/** Addresses of the network from the last usable one down, at most `limit` of them. */
export function candidates(subnet: string, limit: number): string[] {
  const prefix = parsePrefix(subnet);
  if (prefix === undefined || prefix.family !== 4 || prefix.length > 30) return [];
  const start = toNumber(prefix.address);
  const size = 1n << BigInt(32 - prefix.length);
  const result: string[] = [];
  // .254 and its neighbours are routers often enough to start a little below.
  for (let last = size - (size > 16n ? 6n : 2n); last > 0n && result.length < limit; last--)
    result.push(fromNumber(start + last, 4));
  return result;
}

/** The subnet, as `ADDRESS/LENGTH`, that the node has on the interface; `undefined` when it has none there. */
export function subnetOf(snapshot: Snapshot, node: string | undefined, name: string): string | undefined {
  const observation = valueIn(snapshot.nodes.find((n) => n.name === node)?.observation ?? { unknown: '' });
  const addresses = observation === undefined ? [] : (valueIn(observation.netns.addresses) ?? []);
  const own = addresses.find((a) => a.interface === name && a.family === 4 && a.prefixLength < 31);
  return own === undefined ? undefined : `${networkAddress(own.address, own.prefixLength)}/${own.prefixLength}`;
}

/** Addresses known to be in use, or given out by somebody else's pool. */
export function takenIn(
  snapshot: Snapshot,
  subnet: string,
): { readonly addresses: ReadonlySet<string>; readonly pools: readonly (readonly [string, string])[] } {
  const nodes = snapshot.nodes.flatMap((n) => {
    const observation = valueIn(n.observation);
    return [
      ...(observation === undefined
        ? []
        : [
            ...(valueIn(observation.netns.addresses) ?? []),
            ...(valueIn(observation.netns.neighbours) ?? []).filter((x) => !['failed', 'incomplete'].includes(x.state)),
          ].map((x) => x.address)),
      ...(valueIn(n.takenAddresses) ?? []).map((x) => x.address),
      ...(valueIn(n.cni)?.reservations ?? []).map((x) => x.address),
    ];
  });
  const pods = (valueIn(snapshot.cluster.podAddresses) ?? []).flatMap((p) => p.ips);
  const pools = (valueIn(snapshot.cluster.attachments) ?? [])
    .flatMap((nad) => poolsOf(nad.config))
    .filter(([from]) => contains(subnet, from));
  return { addresses: new Set([...nodes, ...pods].filter((a) => familyOf(a) === 4)), pools };
}

function poolsOf(config: string): [string, string][] {
  const parsed = parseNadConfig(config);
  if (typeof parsed === 'string') return [];
  const text = JSON.stringify(parsed.json);
  const starts = [...text.matchAll(/"(?:rangeStart|range_start)":"([0-9.]+)"/g)].map((m) => m[1]!);
  const ends = [...text.matchAll(/"(?:rangeEnd|range_end)":"([0-9.]+)"/g)].map((m) => m[1]!);
  return starts.flatMap((from, i) => (ends[i] === undefined ? [] : [[from, ends[i]] as [string, string]]));
}

/** The first `count` candidates that are neither taken nor in a pool. */
export function freeAddresses(snapshot: Snapshot, subnet: string, count: number): string[] {
  const { addresses, pools } = takenIn(snapshot, subnet);
  const inPool = (a: string) =>
    pools.some(([from, to]) => toNumber(from) <= toNumber(a) && toNumber(a) <= toNumber(to));
  return candidates(subnet, 512)
    .filter((a) => !addresses.has(a) && !inPool(a))
    .slice(0, count);
}
