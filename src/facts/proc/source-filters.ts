import type { Family, SourceFilter } from '../../model/netns.ts';
import type { InterfaceNames } from '../interface-names.ts';
import { decimal, networkOrderAddress, rows } from './hex.ts';

/**
 * Reads /proc/net/mcfilter and mcfilter6: `  2   eth0 0xe8010101 0x0a010005      1      0` (net/ipv4/igmp.c,
 * net/ipv6/mcast.c). The kernel cuts names to 6 characters here, so the index decides; the addresses are in network order.
 */
export function parseSourceFilters(text: string, family: Family, names: InterfaceNames): SourceFilter[] {
  return rows(text).flatMap(([number, shortName, groupHex = '', sourceHex = '', included, excluded]) => {
    const index = decimal(number);
    const group = networkOrderAddress(groupHex.replace(/^0x/i, ''));
    const source = networkOrderAddress(sourceHex.replace(/^0x/i, ''));
    const include = decimal(included);
    const exclude = decimal(excluded);
    if (index === undefined || shortName === undefined || group === undefined || source === undefined) return [];
    if (include === undefined || exclude === undefined) return [];
    return [{ family, interface: names.get(index) ?? shortName, group, source, include, exclude }];
  });
}
