import type { MulticastRouting } from '../../model/multicast-routing.ts';
import type { Family } from '../../model/netns.ts';
import { decimal, hostOrderAddress, networkOrderAddress, rows } from './hex.ts';

type Vif = MulticastRouting['vifs'][number];
type CacheEntry = MulticastRouting['cache'][number];

/** Reads /proc/net/ip_mr_vif and ip6_mr_vif: ` 0 eth1 0 0 3120 40 00000 …`: index, interface, bytes and packets in, then out (net/ipv4/ipmr.c). */
export function parseVifs(text: string, family: Family): Vif[] {
  return rows(text).flatMap(([number, name, , received, , sent]) => {
    const index = decimal(number);
    const packetsIn = decimal(received);
    const packetsOut = decimal(sent);
    if (index === undefined || name === undefined || packetsIn === undefined || packetsOut === undefined) return [];
    return [{ family, index, interface: name, packetsIn, packetsOut }];
  });
}

/**
 * Reads /proc/net/ip_mr_cache (`030201EF 0500000A 0 40 3120 0  1:1`: hexadecimal in the node's byte order) and ip6_mr_cache
 * (IPv6 text): group, origin, input VIF, packets, bytes, wrong interface, then VIF:TTL of each output (net/ipv4/ipmr.c,
 * net/ipv6/ip6mr.c). Unresolved entries have the input -1, or 65535 where the kernel prints it unsigned.
 */
export function parseMulticastCache(text: string, family: Family): CacheEntry[] {
  return rows(text).flatMap(([groupText = '', originText = '', iif, packetText, byteText, wrongText, ...oifs]) => {
    const group = cacheAddress(groupText, family);
    const origin = cacheAddress(originText, family);
    const input = decimal(iif);
    if (group === undefined || origin === undefined || input === undefined) return [];
    return [
      {
        family,
        group,
        origin,
        input: input === 65_535 ? -1 : input,
        packets: decimal(packetText) ?? 0,
        bytes: decimal(byteText) ?? 0,
        wrong: decimal(wrongText) ?? 0,
        outputs: oifs.flatMap((oif) => output(oif)),
      },
    ];
  });
}

function cacheAddress(text: string, family: Family): string | undefined {
  return family === 4 ? hostOrderAddress(text) : networkOrderAddress(text.replaceAll(':', ''));
}

function output(text: string): CacheEntry['outputs'] {
  const [vif, ttl] = text.split(':').map(decimal);
  return vif === undefined || ttl === undefined ? [] : [{ vif, ttl }];
}
