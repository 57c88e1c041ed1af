/** Routes from /proc, for runtimes that have neither netlink nor iproute2: without types, scopes and tables in full. */
import type { Route, RouteType } from '../../model/netns.ts';
import { compact } from '../compact.ts';
import { decimal, hexadecimal, hostOrderAddress, networkOrderAddress, rows } from './hex.ts';

/** include/uapi/linux/route.h and ipv6_route.h. */
const RTF_GATEWAY = 0x2;
const RTF_REJECT = 0x200;
const RTF_ANYCAST = 0x0010_0000;
const RTF_LOCAL = 0x8000_0000;

/** RT_TABLE_MAIN, RT_TABLE_LOCAL (rtnetlink.h). */
const MAIN = 254;
const LOCAL = 255;

/** Metric of the kernel's own last entry, which stands for "no route" and is no route. */
const NULL_ENTRY_METRIC = 0xffff_ffff;

/** Reads /proc/net/route, which shows IPv4's table main only (fib_route_seq_show in net/ipv4/fib_trie.c). */
export function parseRoutes4(text: string): Route[] {
  return rows(text).flatMap(([name, destinationHex = '', gatewayHex = '', flagsHex, , , metric, maskHex = '']) => {
    const address = hostOrderAddress(destinationHex);
    const mask = hostOrderAddress(maskHex);
    const flags = hexadecimal(flagsHex);
    if (name === undefined || address === undefined || mask === undefined || flags === undefined) return [];
    const gateway = (flags & RTF_GATEWAY) !== 0 && gatewayHex !== '00000000' ? hostOrderAddress(gatewayHex) : undefined;
    // Blackhole, unreachable, prohibit and throw all have no interface, and look alike but for RTF_REJECT.
    const type: RouteType = name === '*' ? ((flags & RTF_REJECT) !== 0 ? 'unreachable' : 'blackhole') : 'unicast';
    return [
      {
        family: 4,
        destination: `${address}/${onesIn(mask)}`,
        table: MAIN,
        type,
        scope: name === '*' || (flags & RTF_GATEWAY) !== 0 ? 'universe' : 'link',
        metric: decimal(metric) ?? 0,
        nextHops: name === '*' ? [] : [compact({ interface: name, gateway })],
      },
    ];
  });
}

/** Reads /proc/net/ipv6_route, which shows all tables without saying which (rt6_info_route in net/ipv6/route.c): main or local by the entry's kind. */
export function parseRoutes6(text: string): Route[] {
  return rows(text).flatMap(
    ([hex = '', lengthHex, fromHex = '', fromLengthHex, viaHex = '', metricHex, , , flagsHex, name]) => {
      const address = networkOrderAddress(hex);
      const from = networkOrderAddress(fromHex);
      const length = hexadecimal(lengthHex);
      const fromLength = hexadecimal(fromLengthHex);
      const metric = hexadecimal(metricHex);
      const flags = hexadecimal(flagsHex);
      if (
        address === undefined ||
        length === undefined ||
        metric === undefined ||
        flags === undefined ||
        name === undefined
      )
        return [];
      if (metric === NULL_ENTRY_METRIC) return [];
      const type = typeOf(address, length, flags);
      return [
        compact({
          family: 6 as const,
          destination: `${address}/${length}`,
          table: ['local', 'anycast', 'multicast'].includes(type) ? LOCAL : MAIN,
          type,
          scope: 'universe',
          metric,
          source: fromLength !== undefined && fromLength > 0 ? `${from}/${fromLength}` : undefined,
          nextHops: [
            compact({
              interface: name,
              gateway: (flags & RTF_GATEWAY) !== 0 ? networkOrderAddress(viaHex) : undefined,
            }),
          ],
        }),
      ];
    },
  );
}

/** The kernel's own ff00::/8 for each interface is of type multicast, in table local; a narrower one was made by hand. */
function typeOf(address: string, length: number, flags: number): RouteType {
  if ((flags & RTF_REJECT) !== 0) return 'unreachable';
  if ((flags & RTF_LOCAL) !== 0) return 'local';
  if ((flags & RTF_ANYCAST) !== 0) return 'anycast';
  return address === 'ff00::' && length === 8 ? 'multicast' : 'unicast';
}

function onesIn(mask: string): number {
  return mask
    .split('.')
    .map((byte) => Number(byte).toString(2).replaceAll('0', '').length)
    .reduce((sum, ones) => sum + ones, 0);
}
