/** An address for a pod on a LAN: one that nobody has been seen to use, from the far end of the network, where DHCP and routers rarely are. */

import type { Snapshot } from '../facts/snapshot.ts';
import {
  canonicalAddress,
  contains,
  familyOf,
  fromNumber,
  networkAddress,
  parsePrefix,
  toNumber,
} from '../model/address.ts';
import { valueIn } from '../model/fact.ts';
import { ipamRanges, isObject, type Json, parseNadConfig } from '../model/nad.ts';

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
  const own = addresses.find(
    (a) => a.interface === name && a.family === 4 && a.prefixLength < 31 && canonicalAddress(a.address) !== undefined,
  );
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

/** First and last address of each range that the attachment gives out, where it names one; a whole subnet is none, or nothing would be free. */
function poolsOf(config: string): [string, string][] {
  const parsed = parseNadConfig(config);
  if (typeof parsed === 'string') return [];
  const plugins = Array.isArray(parsed.json.plugins) ? parsed.json.plugins.filter(isObject) : [parsed.json];
  return plugins.flatMap((plugin) => (isObject(plugin.ipam) ? ipamRanges(plugin.ipam).flatMap(poolOf) : []));
}

function poolOf(range: Json): [string, string][] {
  const subnet = String(range.subnet ?? range.range ?? '');
  const [, first, last] = /^([\d.]+)-([\d.]+)/.exec(subnet) ?? [];
  const fixed = range.address === undefined ? undefined : String(range.address).split('/')[0];
  const from = ipv4(range.rangeStart ?? range.range_start ?? first ?? fixed);
  const to = ipv4(range.rangeEnd ?? range.range_end ?? last ?? fixed);
  const whole = parsePrefix(subnet);
  if (from !== undefined && to !== undefined) return [[from, to]];
  if (whole === undefined || whole.family === 6 || (from ?? to) === undefined) return [];
  const end = toNumber(whole.address) + (1n << BigInt(32 - whole.length)) - 1n;
  return [[from ?? whole.address, to ?? fromNumber(end, 4)]];
}

function ipv4(value: unknown): string | undefined {
  const address = typeof value === 'string' ? canonicalAddress(value) : undefined;
  return address !== undefined && familyOf(address) === 4 ? address : undefined;
}

/**
 * The first `count` candidates in a row, from the highest down, that are neither taken nor in a pool; none when there are not so many
 * in a row, since a range of addresses gives out all that is in between.
 */
export function freeAddresses(snapshot: Snapshot, subnet: string, count: number): string[] {
  const { addresses, pools } = takenIn(snapshot, subnet);
  const inPool = (a: string) =>
    pools.some(([from, to]) => toNumber(from) <= toNumber(a) && toNumber(a) <= toNumber(to));
  let run: string[] = [];
  for (const candidate of candidates(subnet, 512)) {
    run = addresses.has(candidate) || inPool(candidate) ? [] : [...run, candidate];
    if (run.length >= count) return run;
  }
  return [];
}
