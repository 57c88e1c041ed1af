import { ipv4Text } from './address.ts';
import { i32 } from './bytes.ts';
import { codeValue, type Extent, type Membership, shortOf } from './membership.ts';
import { readQuerySources, readRecords } from './records.ts';

export const PROTOCOL_IGMP = 2;

/** Reads an IGMP message (RFC 1112, RFC 2236, RFC 3376). Types that are not about membership have their name alone. */
export function readIgmp(bytes: Uint8Array, extent: Extent): Membership {
  const { at } = extent;
  const problem = shortOf(extent, at + 8);
  if (shortOf(extent, at + 1) !== undefined) return { type: 'igmp', problem: problem ?? 'malformed' };
  const kind = bytes[at]!;
  const type = kind === 0x11 ? queryType(bytes, extent) : (TYPES[kind] ?? `igmp-0x${kind.toString(16)}`);
  if (problem !== undefined) return { type, problem };

  if (kind === 0x22) return { type, ...readRecords(bytes, extent, at + 6, 4) };
  const group = i32(bytes, at + 4) === 0 ? {} : { group: ipv4Text(bytes, at + 4) };
  if (kind === 0x11) return readQuery(bytes, extent, type, group);
  return kind === 0x12 || kind === 0x16 || kind === 0x17 ? { type, ...group } : { type };
}

const TYPES: Readonly<Record<number, string>> = {
  18: 'igmpv1-report',
  19: 'dvmrp',
  20: 'pimv1',
  22: 'igmpv2-report',
  23: 'igmpv2-leave',
  34: 'igmpv3-report',
  // Multicast Router Discovery (RFC 4286), which snooping switches listen to.
  48: 'mrd-advertisement',
  49: 'mrd-solicitation',
  50: 'mrd-termination',
};

/** The version of a query is told by its length, then by its maximum response code (RFC 3376 §7.1). */
function queryType(bytes: Uint8Array, extent: Extent): string {
  if (extent.declaredEnd - extent.at >= 12) return 'igmpv3-query';
  if (shortOf(extent, extent.at + 2) !== undefined) return 'igmp-query';
  return bytes[extent.at + 1] === 0 ? 'igmpv1-query' : 'igmpv2-query';
}

function readQuery(bytes: Uint8Array, extent: Extent, type: string, group: { group?: string }): Membership {
  const code = bytes[extent.at + 1]!;
  const length = extent.declaredEnd - extent.at;
  if (length >= 12) {
    return {
      type,
      ...group,
      maxResponse: codeValue(code, 4) * 100,
      ...readQuerySources(bytes, extent, extent.at + 8, 4),
    };
  }
  // Hosts ignore a query of 9 to 11 bytes (RFC 3376 §7.1).
  const odd = length > 8 ? ({ problem: 'malformed' } as const) : {};
  return { type, ...group, ...(code === 0 ? {} : { maxResponse: code * 100 }), ...odd };
}
