/** One flat shape for what kmcast and tshark say of a packet, so that they can be compared field by field. */
import type { Decoded } from '../../src/capture/decode/decoded.ts';
import type { Fields } from './tshark.ts';

// biome-ignore format: a table
export const TSHARK_FIELDS = [
  'eth.dst', 'eth.src', 'eth.type', 'vlan.id', 'vlan.priority', 'vlan.dei', 'vlan.etype',
  'ieee8021ad.id', 'ieee8021ad.priority', 'ieee8021ad.dei',
  'sll.pkttype', 'sll.hatype', 'sll.src.eth', 'sll.etype', 'sll.ifindex',
  'ip.src', 'ip.dst', 'ip.proto', 'ip.ttl', 'ip.len', 'ip.dsfield', 'ip.id', 'ip.flags.df', 'ip.flags.mf', 'ip.frag_offset',
  'ip.opt.type', 'ip.checksum.status',
  'ipv6.src', 'ipv6.dst', 'ipv6.nxt', 'ipv6.hlim', 'ipv6.plen', 'ipv6.tclass', 'ipv6.opt.type',
  'ipv6.hopopts.nxt', 'ipv6.dstopts.nxt', 'ipv6.routing.nxt', 'ipv6.fraghdr.nxt', 'ah.next_header',
  'ipv6.fraghdr.offset', 'ipv6.fraghdr.more', 'ipv6.fraghdr.ident',
  'udp.srcport', 'udp.dstport', 'udp.length', 'udp.checksum.status', 'udp.checksum.zero',
  'igmp.type', 'igmp.version', 'igmp.max_resp', 'igmp.maddr', 'igmp.s', 'igmp.qrv', 'igmp.qqic', 'igmp.num_src', 'igmp.saddr',
  'igmp.record_type', 'igmp.checksum.status',
  'icmpv6.type', 'icmpv6.checksum.status', 'icmpv6.mld.maximum_response_delay', 'icmpv6.mld.maximum_response_code',
  'icmpv6.mld.multicast_address', 'icmpv6.mld.flag.s', 'icmpv6.mld.flag.qrv', 'icmpv6.mld.qqi', 'icmpv6.mld.source_address',
  '_ws.short', '_ws.malformed', 'ip.bogus_ip_length', 'ipv6.plen_exceeds_framing', 'ip.bogus_header_length', 'ip.bogus_ip_version',
  'udp.length.bad',
  'icmpv6.mldr.mar.record_type', 'icmpv6.mldr.mar.multicast_address', 'icmpv6.mldr.mar.nb_sources', 'icmpv6.mldr.mar.source_address',
] as const;

/** Flat opinion; a key that is absent says nothing. */
export type Opinion = Readonly<Record<string, string | number | boolean>>;
export type TsharkPacket = Fields<(typeof TSHARK_FIELDS)[number]>;

const CHECKSUM_STATES = ['bad', 'good', 'unknown', 'absent'];

/** What kmcast says. */
export function ourOpinion({ link, ip, udp, membership, checksums }: Decoded): Opinion {
  return defined({
    'mac.destination': link.destinationMac,
    'mac.source': link.sourceMac,
    etherType: link.etherType,
    vlans:
      link.vlans.map(({ id, priority, dropEligible }) => `${id} ${priority} ${Number(dropEligible)}`).join() ||
      undefined,
    packetType: link.packetType,
    hardware: link.hardware,
    interfaceIndex: link.interfaceIndex,
    'ip.source': ip?.source,
    'ip.destination': ip?.destination,
    'ip.protocol': ip?.protocol,
    'ip.ttl': ip?.ttl,
    'ip.length': ip?.length,
    'ip.trafficClass': ip?.trafficClass,
    'ip.identification': ip?.identification,
    'ip.dontFragment': ip?.dontFragment,
    'ip.fragment': ip?.fragment && `${ip.fragment.offset} ${ip.fragment.more}`,
    'ip.routerAlert': ip?.routerAlert,
    'ip.extensions': ip?.extensions.length ? ip.extensions.join() : undefined,
    'udp.sourcePort': udp?.sourcePort,
    'udp.destinationPort': udp?.destinationPort,
    'udp.length': udp?.length,
    'membership.type': membership?.type,
    'membership.group': membership?.group,
    'membership.maxResponse': membership?.maxResponse,
    'membership.suppress': membership?.suppress,
    'membership.robustness': membership?.robustness,
    'membership.queryInterval': membership?.queryInterval,
    'membership.sources': membership?.sources?.join() || undefined,
    'membership.records':
      membership?.records?.map(({ record, group, sources }) => [record, group, ...sources].join(' ')).join() ||
      undefined,
    'checksum.ipv4': checksums?.ipv4,
    'checksum.transport': checksums?.transport,
  });
}

/** What tshark says, in our words. */
export function tsharkOpinion(f: TsharkPacket): Opinion {
  const number = (values: readonly string[], which = 0) =>
    values[which] === undefined ? undefined : Number(values[which]);
  const flag = (values: readonly string[]) =>
    values[0] === undefined ? undefined : values[0] === '1' || values[0] === 'True';
  const types = [...f['eth.type'], ...f['sll.etype'], ...f['vlan.etype']].map(Number).filter((type) => !isTag(type));
  const tags = (ids: readonly string[], priorities: readonly string[], dei: readonly string[]) =>
    ids.map((id, i) => `${id} ${priorities[i]} ${Number(dei[i] === '1' || dei[i] === 'True')}`);
  const isIpv4 = f['ip.src'].length > 0;
  const chain = isIpv4 ? { extensions: [], protocol: number(f['ip.proto']) } : chainOf(f);
  const checksum = [f['udp.checksum.status'], f['igmp.checksum.status'], f['icmpv6.checksum.status']].flat()[0];
  const plen = number(f['ipv6.plen']);
  return defined({
    'mac.destination': f['eth.dst'][0],
    'mac.source': f['eth.src'][0] ?? f['sll.src.eth'][0],
    etherType: types[0],
    vlans:
      [
        ...tags(f['ieee8021ad.id'], f['ieee8021ad.priority'], f['ieee8021ad.dei']),
        ...tags(f['vlan.id'], f['vlan.priority'], f['vlan.dei']),
      ].join() || undefined,
    packetType: number(f['sll.pkttype']),
    hardware: number(f['sll.hatype']),
    interfaceIndex: number(f['sll.ifindex']),
    'ip.source': f['ip.src'][0] ?? f['ipv6.src'][0],
    'ip.destination': f['ip.dst'][0] ?? f['ipv6.dst'][0],
    'ip.protocol': chain.protocol,
    'ip.ttl': number(f['ip.ttl']) ?? number(f['ipv6.hlim']),
    'ip.length': number(f['ip.len']) ?? (plen === undefined ? undefined : plen + 40),
    'ip.trafficClass': number(f['ip.dsfield']) ?? number(f['ipv6.tclass']),
    'ip.identification': number(f['ip.id']) ?? number(f['ipv6.fraghdr.ident']),
    'ip.dontFragment': flag(f['ip.flags.df']),
    'ip.fragment': fragmentOf(
      number(f['ip.frag_offset']) ?? number(f['ipv6.fraghdr.offset']),
      flag(f['ip.flags.mf']) ?? flag(f['ipv6.fraghdr.more']),
    ),
    'ip.routerAlert': isIpv4
      ? f['ip.opt.type'].map(Number).includes(148)
      : plen === undefined
        ? undefined
        : f['ipv6.opt.type'].map(Number).includes(5),
    'ip.extensions': chain.extensions.join() || undefined,
    'udp.sourcePort': number(f['udp.srcport']),
    'udp.destinationPort': number(f['udp.dstport']),
    'udp.length': number(f['udp.length']),
    ...(f['igmp.type'].length > 0 ? igmpOpinion(f) : {}),
    ...(f['icmpv6.type'].length > 0 ? mldOpinion(f) : {}),
    'checksum.ipv4': isIpv4 ? CHECKSUM_STATES[number(f['ip.checksum.status']) ?? 9] : undefined,
    'checksum.transport': f['udp.checksum.zero'].length > 0 ? 'bad' : CHECKSUM_STATES[Number(checksum ?? 9)],
  });
}

function igmpOpinion(f: TsharkPacket): Record<string, string | number | boolean | undefined> {
  const kind = { 17: 'query', 18: 'report', 22: 'report', 34: 'report', 23: 'leave' }[Number(f['igmp.type'][0])];
  const isReport = f['igmp.record_type'].length > 0;
  const code = Number(f['igmp.qqic'][0]);
  return {
    'membership.type': `igmpv${f['igmp.version'][0]}-${kind}`,
    'membership.group': isReport || f['igmp.maddr'][0] === '0.0.0.0' ? undefined : f['igmp.maddr'][0],
    'membership.maxResponse':
      kind === 'query' && f['igmp.max_resp'][0] !== undefined ? Number(f['igmp.max_resp'][0]) * 100 : undefined,
    'membership.suppress': f['igmp.s'][0] === undefined ? undefined : f['igmp.s'][0] === '1',
    'membership.robustness': f['igmp.qrv'][0] === undefined ? undefined : Number(f['igmp.qrv'][0]),
    // tshark gives the code itself.
    'membership.queryInterval':
      f['igmp.qqic'][0] === undefined ? undefined : code < 128 ? code : ((code & 15) | 16) << ((code >> 4) - 8 + 3),
    'membership.sources': isReport ? undefined : f['igmp.saddr'].join() || undefined,
    'membership.records': recordsOf(f['igmp.record_type'], f['igmp.maddr'], f['igmp.num_src'], f['igmp.saddr']),
  };
}

function mldOpinion(f: TsharkPacket): Record<string, string | number | boolean | undefined> {
  const version = f['icmpv6.mld.flag.s'].length > 0 ? 2 : 1;
  const type = { 130: `mldv${version}-query`, 131: 'mldv1-report', 132: 'mldv1-done', 143: 'mldv2-report' }[
    Number(f['icmpv6.type'][0])
  ];
  if (type === undefined) return {};
  const delay = f['icmpv6.mld.maximum_response_code'][0] ?? f['icmpv6.mld.maximum_response_delay'][0];
  return {
    'membership.type': type,
    'membership.group':
      f['icmpv6.mld.multicast_address'][0] === '::' ? undefined : f['icmpv6.mld.multicast_address'][0],
    'membership.maxResponse': type.endsWith('query') ? Number(delay) : undefined,
    'membership.suppress': version === 2 ? f['icmpv6.mld.flag.s'][0] === '1' : undefined,
    'membership.robustness': version === 2 ? Number(f['icmpv6.mld.flag.qrv'][0]) : undefined,
    'membership.queryInterval': version === 2 ? Number(f['icmpv6.mld.qqi'][0]) : undefined,
    'membership.sources': f['icmpv6.mld.source_address'].join() || undefined,
    'membership.records': recordsOf(
      f['icmpv6.mldr.mar.record_type'],
      f['icmpv6.mldr.mar.multicast_address'],
      f['icmpv6.mldr.mar.nb_sources'],
      f['icmpv6.mldr.mar.source_address'],
    ),
  };
}

const RECORDS = ['', 'is-in', 'is-ex', 'to-in', 'to-ex', 'allow', 'block'];

/** tshark lists the sources of all records in a row. */
function recordsOf(
  types: readonly string[],
  groups: readonly string[],
  counts: readonly string[],
  sources: readonly string[],
): string | undefined {
  const rest = [...sources];
  return (
    types.map((type, i) => [RECORDS[Number(type)], groups[i], ...rest.splice(0, Number(counts[i]))].join(' ')).join() ||
    undefined
  );
}

/** Follows the next-header values; tshark lists each kind's in order of occurrence. */
function chainOf(f: TsharkPacket): { extensions: number[]; protocol: number | undefined } {
  const lists = {
    0: [...f['ipv6.hopopts.nxt']],
    43: [...f['ipv6.routing.nxt']],
    44: [...f['ipv6.fraghdr.nxt']],
    51: [...f['ah.next_header']],
    60: [...f['ipv6.dstopts.nxt']],
  };
  const extensions: number[] = [];
  let protocol = f['ipv6.nxt'][0] === undefined ? undefined : Number(f['ipv6.nxt'][0]);
  for (;;) {
    const next = lists[protocol as keyof typeof lists]?.shift();
    if (next === undefined) return { extensions, protocol };
    extensions.push(Number(protocol));
    protocol = Number(next);
  }
}

/** tshark counts offsets in units of 8 bytes. */
function fragmentOf(offset: number | undefined, more: boolean | undefined): string | undefined {
  return offset || more ? `${(offset ?? 0) * 8} ${more}` : undefined;
}

function isTag(type: number): boolean {
  return [0x8100, 0x88a8, 0x9100].includes(type);
}

function defined(opinion: Record<string, string | number | boolean | undefined>): Opinion {
  return Object.fromEntries(Object.entries(opinion).filter(([, value]) => value !== undefined)) as Opinion;
}
