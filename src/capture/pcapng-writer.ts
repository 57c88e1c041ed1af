/** Writes pcapng files (draft-ietf-opsawg-pcapng), little-endian, with nanoseconds: one section, interfaces as they come. */
import type { CaptureRecord } from './capture-record.ts';
import type { PacketTime } from './pcap-writer.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const IF_NAME = 2;
const IF_TSRESOL = 9;
const EPB_FLAGS = 2;
const NANOSECONDS = 9;
const TWO_32 = 0x1_0000_0000;
/** An enhanced block without data or options. */
const PACKET_BLOCK = 32;

/** The bytes that begin a file. */
export function sectionHeader(): Buffer {
  const block = Buffer.alloc(28);
  block.writeUInt32LE(SECTION_HEADER, 0);
  block.writeUInt32LE(28, 4);
  block.writeUInt32LE(BYTE_ORDER_MAGIC, 8);
  block.writeUInt16LE(1, 12);
  // The section's length is not known.
  block.fill(0xff, 16, 24);
  block.writeUInt32LE(28, 24);
  return block;
}

/** Describes the next interface; the first one is number 0. `snapLength` 0 is no limit. */
export function interfaceBlock(name: string, linkType: number, snapLength: number): Buffer {
  const text = Buffer.from(name);
  const length = 20 + 4 + padded(text.length) + 8 + 4;
  const block = Buffer.alloc(length);
  block.writeUInt32LE(INTERFACE, 0);
  block.writeUInt32LE(length, 4);
  block.writeUInt16LE(linkType, 8);
  block.writeUInt32LE(snapLength, 12);
  block.writeUInt16LE(IF_NAME, 16);
  block.writeUInt16LE(text.length, 18);
  block.set(text, 20);
  const at = 20 + padded(text.length);
  block.writeUInt16LE(IF_TSRESOL, at);
  block.writeUInt16LE(1, at + 2);
  block[at + 4] = NANOSECONDS;
  // End of options is four zeros.
  block.writeUInt32LE(length, length - 4);
  return block;
}

/** Bytes that `writePacket` needs for a packet of this captured length. */
export function packetLength(captured: number): number {
  return PACKET_BLOCK + padded(captured) + 12;
}

/** Writes `packet[start, end)` into `target` at `at`, and returns the offset behind it. `direction` as in `CaptureRecord`. */
export function writePacket(
  target: Buffer,
  at: number,
  iface: number,
  packet: Uint8Array,
  { start, end, direction }: Pick<CaptureRecord, 'start' | 'end' | 'direction'>,
  time: PacketTime,
): number {
  const captured = end - start;
  const length = packetLength(captured);
  target.writeUInt32LE(ENHANCED_PACKET, at);
  target.writeUInt32LE(length, at + 4);
  target.writeUInt32LE(iface, at + 8);
  writeStamp(target, at + 12, time);
  target.writeUInt32LE(captured, at + 20);
  target.writeUInt32LE(time.wireLength ?? captured, at + 24);
  target.set(packet.subarray(start, end), at + 28);
  const options = at + 28 + padded(captured);
  target.fill(0, at + 28 + captured, options);
  target.writeUInt16LE(EPB_FLAGS, options);
  target.writeUInt16LE(4, options + 2);
  target.writeUInt32LE(direction, options + 4);
  target.writeUInt32LE(0, options + 8);
  target.writeUInt32LE(length, options + 12);
  return at + length;
}

/** seconds * 10^9 does not fit into the 53 bits of a number: it is made of two parts that do. */
function writeStamp(target: Buffer, at: number, { seconds, nanoseconds }: PacketTime): void {
  const upper = Math.floor(seconds / 0x10000) * 1e9;
  const lower = (seconds % 0x10000) * 1e9 + nanoseconds;
  const low = (upper % 0x10000) * 0x10000 + (lower % TWO_32);
  target.writeUInt32LE(Math.floor(upper / 0x10000) + Math.floor(lower / TWO_32) + Math.floor(low / TWO_32), at);
  target.writeUInt32LE(low % TWO_32, at + 4);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
