/** The friendly path: a packet as one typed object, addresses as text. */
import { u16 } from './bytes.ts';
import { verifyChecksums } from './checksum.ts';
import { ipOf } from './decode-ip.ts';
import { linkOf } from './decode-link.ts';
import type { Decoded, DecodedUdp, DecodeProblem } from './decoded.ts';
import { decodeInto } from './fast.ts';
import { PROTOCOL_IGMP, readIgmp } from './igmp.ts';
import { type Membership, transportExtent } from './membership.ts';
import { PROTOCOL_ICMPV6, readMld } from './mld.ts';
import { INTACT, LAYERS, MALFORMED, Packet } from './packet.ts';

/** What is known beside the bytes. */
export interface DecodeOptions {
  /** Bytes that were captured; all that are given when absent. */
  readonly capturedLength?: number;
  /** Length on the wire; as captured when absent. */
  readonly wireLength?: number;
  /** Also verify checksums. */
  readonly checksums?: boolean;
}

/** Decodes one packet that begins at the start of `bytes`; `linkType` is a LINKTYPE_* (link-types.ts). Never throws. */
export function decode(bytes: Uint8Array, linkType: number, options: DecodeOptions = {}): Decoded {
  const end = Math.max(0, Math.min(options.capturedLength ?? bytes.length, bytes.length));
  const packet = new Packet();
  decodeInto(packet, bytes, 0, end, options.wireLength ?? end, linkType);

  const membership = readMembership(packet, bytes);
  const problem = problemOf(packet, membership);
  return {
    link: linkOf(packet, bytes),
    ...(packet.family === 0 ? {} : { ip: ipOf(packet, bytes) }),
    ...(packet.payload < 0 ? {} : { udp: udpOf(packet, bytes) }),
    ...(membership === undefined ? {} : { membership }),
    ...(problem === undefined ? {} : { problem }),
    ...(options.checksums === true && packet.family !== 0 ? { checksums: verifyChecksums(packet, bytes) } : {}),
  };
}

/** The IGMP or MLD message of a packet that the fast path decoded, or `undefined`. */
export function readMembership(packet: Packet, bytes: Uint8Array): Membership | undefined {
  if (packet.transport < 0) return undefined;
  if (packet.protocol === PROTOCOL_IGMP && packet.family === 4) return readIgmp(bytes, transportExtent(packet));
  if (packet.protocol === PROTOCOL_ICMPV6 && packet.family === 6) return readMld(bytes, transportExtent(packet));
  return undefined;
}

function problemOf(packet: Packet, membership: Membership | undefined): DecodeProblem | undefined {
  if (packet.problem !== INTACT) {
    const kind = packet.problem === MALFORMED ? 'malformed' : 'truncated';
    return { kind, layer: LAYERS[packet.problemLayer] ?? 'none', offset: packet.problemAt - packet.start };
  }
  if (membership?.problem === undefined) return undefined;
  return {
    kind: membership.problem,
    layer: packet.family === 4 ? 'igmp' : 'mld',
    offset: packet.transport - packet.start,
  };
}

function udpOf(packet: Packet, bytes: Uint8Array): DecodedUdp {
  return {
    sourcePort: packet.sourcePort,
    destinationPort: packet.destinationPort,
    length: u16(bytes, packet.transport + 4),
    payload: bytes.subarray(packet.payload, packet.payloadEnd),
  };
}
