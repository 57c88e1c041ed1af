import { ipv6Text } from './address.ts';
import { u16 } from './bytes.ts';
import { codeValue, type Extent, type Membership, shortOf } from './membership.ts';
import { readQuerySources, readRecords } from './records.ts';

export const PROTOCOL_ICMPV6 = 58;

const QUERY = 130;
const REPORT_V2 = 143;
const TYPES: Readonly<Record<number, string>> = {
  [QUERY]: 'mld-query',
  131: 'mldv1-report',
  132: 'mldv1-done',
  [REPORT_V2]: 'mldv2-report',
  // Multicast Router Discovery (RFC 4286), which snooping switches listen to.
  151: 'mrd-advertisement',
  152: 'mrd-solicitation',
  153: 'mrd-termination',
};

/** Reads an MLD message (RFC 2710, RFC 3810); `undefined` for any other ICMPv6, or when not even its type was captured. */
export function readMld(bytes: Uint8Array, extent: Extent): Membership | undefined {
  const { at } = extent;
  if (shortOf(extent, at + 1) !== undefined) return undefined;
  const kind = bytes[at]!;
  const type = kind === QUERY ? queryType(extent) : TYPES[kind];
  if (type === undefined) return undefined;
  if (kind > REPORT_V2) return { type };

  const problem = shortOf(extent, at + (kind === REPORT_V2 ? 8 : 24));
  if (problem !== undefined) return { type, problem };
  if (kind === REPORT_V2) return { type, ...readRecords(bytes, extent, at + 6, 6) };
  const address = ipv6Text(bytes, at + 8);
  const group = address === '::' ? {} : { group: address };
  return kind === QUERY ? readQuery(bytes, extent, type, group) : { type, ...group };
}

/** The version of a query is told by its length; one between 24 and 28 bytes is ignored (RFC 3810 §8.1). */
function queryType(extent: Extent): string {
  return extent.declaredEnd - extent.at >= 28 ? 'mldv2-query' : 'mldv1-query';
}

function readQuery(bytes: Uint8Array, extent: Extent, type: string, group: { group?: string }): Membership {
  const length = extent.declaredEnd - extent.at;
  const code = u16(bytes, extent.at + 4);
  if (length >= 28) {
    return { type, ...group, maxResponse: codeValue(code, 12), ...readQuerySources(bytes, extent, extent.at + 24, 6) };
  }
  return { type, ...group, maxResponse: code, ...(length > 24 ? { problem: 'malformed' as const } : {}) };
}
