import type { LinkStats } from '../../model/netns.ts';
import { decimal, rows } from './hex.ts';

/**
 * Reads /proc/net/dev, for runtimes that have neither netlink nor iproute2: by interface. Its "errs" and "drop" columns of
 * reception are sums (dev_seq_printf_stats in net/core/net-procfs.c), and "multicast" is the last of reception.
 */
export function parseLinkStats(text: string): Map<string, LinkStats> {
  const found = new Map<string, LinkStats>();
  for (const line of text.split('\n')) {
    // The counters follow the last colon; a name may hold one (eth0:1).
    const [, name, counters] = /^\s*(\S+):\s*(\d[\d\s]*)$/.exec(line) ?? [];
    const [, rxPackets, rxErrors, rxDropped, , , , multicast, , txPackets, txErrors, txDropped] = (
      rows(counters ?? '')[0] ?? []
    ).map(decimal);
    if (name === undefined || rxPackets === undefined || rxErrors === undefined || rxDropped === undefined) continue;
    if (multicast === undefined || txPackets === undefined || txErrors === undefined || txDropped === undefined)
      continue;
    found.set(name, { rxPackets, txPackets, rxDropped, rxErrors, txDropped, txErrors, multicast });
  }
  return found;
}
