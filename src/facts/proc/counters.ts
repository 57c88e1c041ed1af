import type { Counters } from '../../model/netns.ts';
import { decimal, rows } from './hex.ts';

/** Reads /proc/net/snmp and /proc/net/netstat: pairs of lines `Ip: Forwarding …` and `Ip: 1 …`, names and values. */
export function parseCounterPairs(text: string): Counters {
  const counters: Record<string, number> = {};
  let header: readonly string[] = [];
  for (const fields of rows(text)) {
    const [group = ''] = fields;
    if (header[0] !== group || decimal(fields[1]) === undefined) {
      header = fields;
      continue;
    }
    header.forEach((name, column) => {
      const value = decimal(fields[column]);
      if (column > 0 && value !== undefined) counters[`${group.replace(/:$/, '')}.${name}`] = value;
    });
  }
  return counters;
}

/** Reads /proc/net/snmp6: `Ip6InReceives 44`; the group is the name's own beginning (`Ip6.Ip6InReceives`). */
export function parseSnmp6(text: string): Counters {
  const counters: Record<string, number> = {};
  for (const [name = '', text6] of rows(text)) {
    const group = /^(Ip6|Icmp6|UdpLite6|Udp6)/.exec(name)?.[0];
    const value = decimal(text6);
    if (group !== undefined && value !== undefined) counters[`${group}.${name}`] = value;
  }
  return counters;
}
