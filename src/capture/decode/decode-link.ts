import { macText } from './address.ts';
import { u16 } from './bytes.ts';
import type { DecodedLink } from './decoded.ts';
import type { Packet } from './packet.ts';

/** The link layer of a packet that the fast path decoded. */
export function linkOf(packet: Packet, bytes: Uint8Array): DecodedLink {
  return {
    ...(packet.destinationMac < 0 ? {} : { destinationMac: macText(bytes, packet.destinationMac) }),
    ...(packet.sourceMac < 0 ? {} : { sourceMac: macText(bytes, packet.sourceMac) }),
    ...(packet.etherType === 0 ? {} : { etherType: packet.etherType }),
    vlans: vlansOf(packet, bytes),
    ...(packet.packetType < 0 ? {} : { packetType: packet.packetType, hardware: packet.hardware }),
    ...(packet.interfaceIndex < 0 ? {} : { interfaceIndex: packet.interfaceIndex }),
  };
}

function vlansOf(packet: Packet, bytes: Uint8Array): DecodedLink['vlans'] {
  return Array.from({ length: packet.tags }, (_, i) => {
    const at = packet.tag + i * 4;
    const control = u16(bytes, at);
    return {
      protocol: tagProtocol(packet, bytes, at),
      id: control & 0xfff,
      priority: control >> 13,
      dropEligible: (control & 0x1000) !== 0,
    };
  });
}

/** A tag's EtherType stands before it, but for the first one behind an SLL2 header, which begins with it. */
function tagProtocol(packet: Packet, bytes: Uint8Array, at: number): number {
  const isSll2 = packet.interfaceIndex >= 0;
  return u16(bytes, isSll2 && at === packet.tag ? packet.start : at - 2);
}
