import { u16 } from './bytes.ts';
import { readIpv4 } from './ipv4.ts';
import { readIpv6 } from './ipv6.ts';
import { LINK, lacking, type Packet, VLAN } from './packet.ts';

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
/** Below this the field is an 802.3 length. */
const LEAST_ETHERTYPE = 0x600;
const HEADER = 14;

/** Reads an Ethernet frame: the header, VLAN tags, IP. */
export function readEthernet(packet: Packet, bytes: Uint8Array): void {
  const at = packet.start;
  if (at + HEADER > packet.end) {
    lacking(packet, LINK, at, at + HEADER, packet.wireEnd);
    return;
  }
  packet.destinationMac = at;
  packet.sourceMac = at + 6;
  readTagged(packet, bytes, u16(bytes, at + 12), at + HEADER);
}

/** Reads what follows an EtherType: any number of 802.1Q, 802.1ad (and old 0x9100) tags, then IP. */
export function readTagged(packet: Packet, bytes: Uint8Array, etherType: number, at: number): void {
  let type = etherType;
  let offset = at;
  while (isTag(type)) {
    if (offset + 4 > packet.end) {
      lacking(packet, VLAN, offset, offset + 4, packet.wireEnd);
      return;
    }
    if (packet.tags === 0) {
      packet.tag = offset;
      packet.vlan = u16(bytes, offset) & 0xfff;
    }
    packet.tags++;
    type = u16(bytes, offset + 2);
    offset += 4;
  }
  packet.etherType = type < LEAST_ETHERTYPE ? 0 : type;
  if (type === ETHERTYPE_IPV4) readIpv4(packet, bytes, offset);
  else if (type === ETHERTYPE_IPV6) readIpv6(packet, bytes, offset);
}

/** Whether the EtherType announces a VLAN tag: 802.1Q, 802.1ad, or QinQ from before 802.1ad. */
export function isTag(etherType: number): boolean {
  return etherType === 0x8100 || etherType === 0x88a8 || etherType === 0x9100;
}
