/** A look at the wire: what an agent saw as raw headers, understood. */
import type { AgentMessage, SeenPackets } from '../agent/protocol.ts';
import type { Flow, MembershipMessage, WireLook } from '../model/wire.ts';
import { addressText, macText } from './decode/address.ts';
import { readMembership } from './decode/decode.ts';
import { decodeInto } from './decode/fast.ts';
import { linkTypeOfHardware } from './decode/link-types.ts';
import type { Membership } from './decode/membership.ts';
import { MALFORMED, Packet } from './decode/packet.ts';

/** What an agent says of a look. */
export type LookMessage = Extract<AgentMessage, { readonly type: 'look' }>;
type SeenMessage = LookMessage['messages'][number];

/** Bytes that agents keep of a packet: where they are fewer, the packet was not longer. */
const SNAP = 192;

/**
 * Understands a look. Flows that share every header field are one. Packets that are not IP, or whose IP header was cut,
 * are left out, and so are messages that are not IGMP or MLD.
 *
 * Agents count frames: the link-layer header is taken off, and the padding of short Ethernet frames where it can be told
 * from data, which is where an entry's frames all have one length.
 *
 * @param joined groups that kmcast joined for the look
 */
export function wireLook(message: LookMessage, joined: WireLook['joined'] = []): WireLook {
  const packet = new Packet();
  const flows = new Map<string, Flow>();
  for (const seen of message.packets) {
    const flow = flowOf(packet, seen);
    if (flow === undefined) continue;
    const key = keyOf(flow);
    const same = flows.get(key);
    flows.set(key, same === undefined ? flow : merge(same, flow));
  }
  return {
    duration: message.duration,
    interfaces: message.interfaces,
    joined,
    flows: [...flows.values()],
    messages: message.messages.flatMap((seen) => messagesOf(packet, seen)),
    lost: message.lost,
    ...(message.truncated ? { truncated: true } : {}),
  };
}

function flowOf(packet: Packet, seen: SeenPackets): Flow | undefined {
  const bytes = decodeSnap(packet, seen, seen.largest);
  if (packet.family === 0) return undefined;
  return {
    ...endsOf(packet, bytes, seen),
    destination: addressText(bytes, packet.destination, packet.family),
    protocol: packet.protocol,
    ...(packet.sourcePort < 0 ? {} : { sourcePort: packet.sourcePort, destinationPort: packet.destinationPort }),
    ttl: packet.ttl,
    ...(packet.sourceMac < 0 ? {} : { sourceMac: macText(bytes, packet.sourceMac) }),
    ...(packet.destinationMac < 0 ? {} : { destinationMac: macText(bytes, packet.destinationMac) }),
    packets: seen.packets,
    ...ipLengths(packet, seen),
    fragments: seen.fragments,
    first: seen.first,
    last: seen.last,
  };
}

/** IP bytes of an entry, from those of its frames. */
function ipLengths(packet: Packet, seen: SeenPackets): { bytes: number; largest: number } {
  const header = packet.ip - packet.start;
  const fromFrames = { bytes: seen.bytes - seen.packets * header, largest: seen.largest - header };
  const length = packet.ipEnd - packet.ip;
  const allAlike = seen.bytes === seen.packets * seen.largest;
  const isPadded = allAlike && packet.problem !== MALFORMED && length < fromFrames.largest;
  return isPadded ? { bytes: seen.packets * length, largest: length } : fromFrames;
}

/** The messages in a packet: one for each record of an IGMPv3 or MLDv2 report. */
function messagesOf(packet: Packet, seen: SeenMessage): MembershipMessage[] {
  const bytes = decodeSnap(packet, seen, 0);
  const membership = readMembership(packet, bytes);
  if (membership === undefined) return [];
  const about = { ...endsOf(packet, bytes, seen), type: membership.type, at: seen.at };
  return contents(membership).map((content) => ({ ...about, ...content }));
}

function contents({
  group,
  sources,
  records = [],
}: Membership): Pick<MembershipMessage, 'group' | 'record' | 'sources'>[] {
  if (records.length > 0) return [...records];
  return [
    {
      ...(group === undefined ? {} : { group }),
      ...(sources === undefined || sources.length === 0 ? {} : { sources }),
    },
  ];
}

/** What flows and messages say alike. */
function endsOf(
  packet: Packet,
  bytes: Uint8Array,
  seen: SeenPackets | SeenMessage,
): Pick<Flow, 'interface' | 'direction' | 'family' | 'source'> {
  return {
    interface: seen.interface,
    direction: seen.out ? 'out' : 'in',
    family: packet.family === 4 ? 4 : 6,
    source: addressText(bytes, packet.source, packet.family),
  };
}

/** Decodes the first bytes of a packet, of which `longest` is the most that it had on the wire. */
function decodeSnap(packet: Packet, seen: SeenPackets | SeenMessage, longest: number): Uint8Array {
  const bytes = Buffer.from(seen.snap, 'base64');
  const wireLength = bytes.length < SNAP ? bytes.length : longest;
  decodeInto(packet, bytes, 0, bytes.length, wireLength, linkTypeOfHardware(seen.hardware));
  return bytes;
}

function keyOf({ packets, bytes, largest, fragments, first, last, ...header }: Flow): string {
  return JSON.stringify(header);
}

function merge(a: Flow, b: Flow): Flow {
  return {
    ...a,
    packets: a.packets + b.packets,
    bytes: a.bytes + b.bytes,
    largest: Math.max(a.largest, b.largest),
    fragments: a.fragments + b.fragments,
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
  };
}
