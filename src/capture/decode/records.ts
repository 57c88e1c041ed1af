/** The parts that IGMPv3 and MLDv2 lay out alike, but for the length of an address. */
import { addressText } from './address.ts';
import { u16 } from './bytes.ts';
import { codeValue, type Extent, type GroupRecord, type Membership, recordName, shortOf } from './membership.ts';

type Problem = 'truncated' | 'malformed';

/** The end of an IGMPv3 or MLDv2 query from its S flag at `at`: querier's variables and source list. */
export function readQuerySources(bytes: Uint8Array, extent: Extent, at: number, family: 4 | 6): Partial<Membership> {
  const problem = shortOf(extent, at + 4);
  if (problem !== undefined) return { problem };
  const list = readAddresses(bytes, extent, at + 4, u16(bytes, at + 2), family);
  return {
    suppress: (bytes[at]! & 8) !== 0,
    robustness: bytes[at]! & 7,
    queryInterval: codeValue(bytes[at + 1]!, 4),
    ...list,
  };
}

/** The records of a report: their count at `at`, the first record behind it (RFC 3376 §4.2, RFC 3810 §5.2). */
export function readRecords(
  bytes: Uint8Array,
  extent: Extent,
  at: number,
  family: 4 | 6,
): { records: GroupRecord[]; problem?: Problem } {
  const records: GroupRecord[] = [];
  const addressLength = family === 4 ? 4 : 16;
  let problem = shortOf(extent, at + 2);
  if (problem !== undefined) return { records, problem };
  let offset = at + 2;
  for (let left = u16(bytes, at); left > 0; left--) {
    const body = offset + 4 + addressLength;
    problem = shortOf(extent, body);
    if (problem !== undefined) return { records, problem };
    const count = u16(bytes, offset + 2);
    const list = readAddresses(bytes, extent, body, count, family);
    records.push({
      record: recordName(bytes[offset]!),
      group: addressText(bytes, offset + 4, family),
      sources: list.sources,
    });
    if (list.problem !== undefined) return { records, problem: list.problem };
    offset = body + count * addressLength + bytes[offset + 1]! * 4;
  }
  problem = shortOf(extent, offset);
  return problem === undefined ? { records } : { records, problem };
}

/** As many of `count` addresses as were captured. */
function readAddresses(
  bytes: Uint8Array,
  extent: Extent,
  at: number,
  count: number,
  family: 4 | 6,
): { sources: string[]; problem?: Problem } {
  const length = family === 4 ? 4 : 16;
  const sources: string[] = [];
  for (let i = 0; i < count; i++) {
    const problem = shortOf(extent, at + (i + 1) * length);
    if (problem !== undefined) return { sources, problem };
    sources.push(addressText(bytes, at + i * length, family));
  }
  return { sources };
}
