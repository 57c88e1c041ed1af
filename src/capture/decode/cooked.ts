import { u16, u32 } from './bytes.ts';
import { readTagged } from './ethernet.ts';
import { LINK, lacking, type Packet } from './packet.ts';

const SLL_HEADER = 16;
const SLL2_HEADER = 20;

/** ARPHRD_FRAD, radiotap and netlink frames have no EtherType in the protocol field (tcpdump.org/linktypes/LINKTYPE_LINUX_SLL). */
const NO_ETHERTYPE = new Set([770, 803, 824]);

/** Reads a Linux cooked header, `tcpdump -i any` of old (LINKTYPE_LINUX_SLL). */
export function readSll(packet: Packet, bytes: Uint8Array): void {
  const at = packet.start;
  if (at + SLL_HEADER > packet.end) {
    lacking(packet, LINK, at, at + SLL_HEADER, packet.wireEnd);
    return;
  }
  packet.packetType = u16(bytes, at);
  packet.hardware = u16(bytes, at + 2);
  if (u16(bytes, at + 4) === 6) packet.sourceMac = at + 6;
  if (!NO_ETHERTYPE.has(packet.hardware)) readTagged(packet, bytes, u16(bytes, at + 14), at + SLL_HEADER);
}

/** Reads the second version of the cooked header, which knows the interface (LINKTYPE_LINUX_SLL2). */
export function readSll2(packet: Packet, bytes: Uint8Array): void {
  const at = packet.start;
  if (at + SLL2_HEADER > packet.end) {
    lacking(packet, LINK, at, at + SLL2_HEADER, packet.wireEnd);
    return;
  }
  packet.interfaceIndex = u32(bytes, at + 4);
  packet.hardware = u16(bytes, at + 8);
  packet.packetType = bytes[at + 10]!;
  if (bytes[at + 11] === 6) packet.sourceMac = at + 12;
  if (!NO_ETHERTYPE.has(packet.hardware)) readTagged(packet, bytes, u16(bytes, at), at + SLL2_HEADER);
}
