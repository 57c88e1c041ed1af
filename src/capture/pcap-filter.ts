/** Filters in libpcap's language (pcap-filter(7)). */
import type { GroupQuery } from '../discover/group-query.ts';

/** MLD behind the hop-by-hop header that it always has (RFC 2710 §3, RFC 3810 §5): queries, reports, done, version 2 reports. */
const MLD = '(ip6[6] = 0 and ip6[40] = 58 and (ip6[48] = 130 or ip6[48] = 131 or ip6[48] = 132 or ip6[48] = 143))';

/** Passes what the queries ask for, all groups when there is none, and always IGMP and MLD. */
export function pcapFilter(queries: readonly GroupQuery[]): string {
  const wanted = queries.length === 0 ? ['dst net 224.0.0.0/4', 'dst net ff00::/8'] : queries.map(clause);
  return [...new Set(wanted), 'igmp', MLD].join(' or ');
}

function clause({ prefix, source }: GroupQuery): string {
  return source === undefined ? `dst net ${prefix}` : `(dst net ${prefix} and src host ${source})`;
}
