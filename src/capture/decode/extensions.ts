import { u16 } from './bytes.ts';
import { EXTENSION, lacking, type Packet } from './packet.ts';

export const HOP_BY_HOP = 0;
export const ROUTING = 43;
export const FRAGMENT = 44;
export const PROTOCOL_AH = 51;
export const DESTINATION_OPTIONS = 60;

/** Every extension header shows its length, and where it ends, in its first 8 bytes. */
const LEAST = 8;

/** Whether another header follows this one (RFC 8200 §4, RFC 4302). */
export function isExtension(protocol: number): boolean {
  return (
    protocol === HOP_BY_HOP ||
    protocol === ROUTING ||
    protocol === FRAGMENT ||
    protocol === PROTOCOL_AH ||
    protocol === DESTINATION_OPTIONS
  );
}

/** Length in bytes of the extension header of this kind at `at`. */
export function extensionLength(bytes: Uint8Array, kind: number, at: number): number {
  if (kind === FRAGMENT) return LEAST;
  return kind === PROTOCOL_AH ? (bytes[at + 1]! + 2) << 2 : (bytes[at + 1]! + 1) << 3;
}

/** Follows the chain from the header of `kind` at `at`, and sets protocol, fragment and transport. */
export function readExtensions(packet: Packet, bytes: Uint8Array, kind: number, at: number): void {
  let next = kind;
  let offset = at;
  while (isExtension(next)) {
    packet.protocol = next;
    if (offset + LEAST > Math.min(packet.end, packet.ipEnd)) {
      lacking(packet, EXTENSION, offset, offset + LEAST, packet.ipEnd);
      return;
    }
    const end = offset + extensionLength(bytes, next, offset);
    if (end > packet.ipEnd || end > packet.end) {
      lacking(packet, EXTENSION, offset, end, packet.ipEnd);
      return;
    }
    const kindHere = next;
    next = bytes[offset]!;
    if (kindHere === FRAGMENT && isLaterFragment(packet, bytes, offset)) {
      packet.protocol = next;
      return;
    }
    offset = end;
  }
  packet.protocol = next;
  packet.transport = offset;
}

/** Notes the fragment header at `at`; what follows is readable in the first fragment only. */
function isLaterFragment(packet: Packet, bytes: Uint8Array, at: number): boolean {
  const field = u16(bytes, at + 2);
  packet.fragmentOffset = field & 0xfff8;
  packet.moreFragments = (field & 1) !== 0;
  return packet.fragmentOffset > 0;
}

/** An extension header: its protocol number, offset and length in bytes. */
export interface ExtensionHeader {
  readonly kind: number;
  readonly at: number;
  readonly length: number;
}

/** The complete extension headers of a decoded IPv6 packet, or of AH over IPv4. */
export function extensionHeaders(packet: Packet, bytes: Uint8Array): ExtensionHeader[] {
  const found: ExtensionHeader[] = [];
  if (packet.family === 0) return found;
  const end = Math.min(packet.end, packet.ipEnd);
  let kind = packet.family === 4 ? bytes[packet.ip + 9]! : bytes[packet.ip + 6]!;
  let at = packet.ip + (packet.family === 4 ? (bytes[packet.ip]! & 0x0f) << 2 : 40);
  if (packet.family === 4 && (kind !== PROTOCOL_AH || packet.fragmentOffset > 0)) return found;
  while (isExtension(kind) && at + LEAST <= end) {
    const length = extensionLength(bytes, kind, at);
    if (at + length > end) break;
    found.push({ kind, at, length });
    if (kind === FRAGMENT && packet.fragmentOffset > 0) break;
    kind = bytes[at]!;
    at += length;
  }
  return found;
}
