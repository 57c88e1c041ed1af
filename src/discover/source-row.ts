/** A row of the table of sources, in words and numbers for people. */
import { addressText, macText } from '../capture/decode/address.ts';
import { estimateHops, type HopEstimate } from './hops.ts';
import { KEY_WORDS, readKey, type SourceKey } from './source-key.ts';
import type { SourceColumns } from './sources.ts';

/** What one source sent to one group and port. Addresses are canonical text. */
export interface SourceRow extends Omit<SourceKey, 'source' | 'group'> {
  /** Where the row stood in the table: joins it with what else is kept by slot. */
  readonly slot: number;
  readonly source: string;
  readonly group: string;
  readonly packets: number;
  /** IP bytes, headers included; and the smallest and largest packet. */
  readonly bytes: number;
  readonly smallest: number;
  readonly largest: number;
  readonly fragments: number;
  /** TTLs or hop limits seen, lowest first. */
  readonly ttls: readonly HopEstimate[];
  /** Link-layer source of the first packet: the sender's, or the last router's. */
  readonly mac?: string;
  /** Other link-layer sources were seen too: two senders with one address, or two routers. */
  readonly severalMacs?: true;
  /** Seconds, on the clock of the packets. */
  readonly first: number;
  readonly last: number;
  /** Between the first and last packet; absent with one packet only. */
  readonly packetsPerSecond?: number;
  readonly bitsPerSecond?: number;
}

/** The row in a slot. */
export function sourceRow(columns: SourceColumns, slot: number): SourceRow {
  const key = readKey(columns.keys, slot * KEY_WORDS);
  return {
    ...key,
    slot,
    source: addressText(key.source, 0, key.family),
    group: addressText(key.group, 0, key.family),
    packets: columns.packets[slot]!,
    bytes: columns.bytes[slot]!,
    smallest: columns.smallest[slot]!,
    largest: columns.largest[slot]!,
    fragments: columns.fragments[slot]!,
    ttls: ttlsOf(columns, slot).map(estimateHops),
    ...macOf(columns, slot),
    first: columns.first[slot]!,
    last: columns.last[slot]!,
    ...ratesOf(columns, slot),
  };
}

function ttlsOf(columns: SourceColumns, slot: number): number[] {
  const ttls: number[] = [];
  for (let ttl = 0; ttl < 256; ttl++) if ((columns.ttls[slot * 8 + (ttl >> 5)]! >>> (ttl & 31)) & 1) ttls.push(ttl);
  return ttls;
}

function macOf(columns: SourceColumns, slot: number): { mac?: string; severalMacs?: true } {
  if (columns.macCount[slot] === 0) return {};
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(columns.macs[slot * 2]!, 0);
  bytes.writeInt32BE(columns.macs[slot * 2 + 1]!, 2);
  return { mac: macText(bytes, 0), ...(columns.macCount[slot]! > 1 ? { severalMacs: true } : {}) };
}

/** The first packet opens the time and is not of it: n packets are n-1 intervals. */
function ratesOf(columns: SourceColumns, slot: number): { packetsPerSecond?: number; bitsPerSecond?: number } {
  const packets = columns.packets[slot]!;
  const time = columns.last[slot]! - columns.first[slot]!;
  if (packets < 2 || time <= 0) return {};
  const packetsPerSecond = (packets - 1) / time;
  return { packetsPerSecond, bitsPerSecond: packetsPerSecond * (columns.bytes[slot]! / packets) * 8 };
}
