/**
 * Whether a condition of a packet filter holds for a datagram, in three values: yes, no, or `undefined` for "perhaps",
 * when the condition is not understood or the datagram's part that it asks for is not known.
 */
import { conntrackStates, type Datagram } from './datagram.ts';
import { isMulticast } from './group.ts';
import { covers, ipBlock, ipNumber } from './ip-number.ts';
import type { FirewallMatch } from './packet-filter.ts';

/** True, false, or perhaps. */
export type Holds = boolean | undefined;

/** Where in the chain of hooks the condition stands, and what was decided before. */
export interface Context {
  /** Priority of the base chain: connection tracking comes at -200. */
  readonly priority: number;
  /** Whether an earlier rule exempted the datagram from connection tracking. */
  readonly untracked: Holds;
}

/** Whether all conditions hold: no when one fails for sure, perhaps when one is uncertain. */
export function allHold(matches: readonly FirewallMatch[], datagram: Datagram, context: Context): Holds {
  const results = matches.map((match) => holds(match, datagram, context));
  if (results.includes(false)) return false;
  return results.every((result) => result === true) ? true : undefined;
}

function holds(match: FirewallMatch, datagram: Datagram, context: Context): Holds {
  switch (match.kind) {
    case 'source':
      return address(match.prefixes, match.invert, datagram.source, datagram);
    case 'destination':
      return address(match.prefixes, match.invert, datagram.destination, datagram);
    case 'input':
      return device(match.interfaces, match.invert, datagram.inputInterface, hasInput(datagram));
    case 'output':
      return device(match.interfaces, match.invert, datagram.outputInterface, hasOutput(datagram));
    case 'protocol':
      return flip(match.protocols.includes(datagram.protocol), match.invert);
    case 'source-port':
      return inRanges(match.ranges, match.invert, datagram.sourcePort, hasPorts(datagram));
    case 'destination-port':
      return inRanges(match.ranges, match.invert, datagram.destinationPort, hasPorts(datagram));
    case 'message-type':
      return inRanges(match.ranges, match.invert, datagram.messageType, [1, 2, 58].includes(datagram.protocol));
    case 'packet-type':
      return packetType(match.type, match.invert, datagram);
    case 'destination-type':
      return destinationType(match.type, match.invert, datagram);
    case 'state':
      return state(match.states, match.invert, datagram, context);
    case 'other':
      return undefined;
  }
}

/** A condition on addresses of the other family never holds, inverted or not. */
function address(
  prefixes: readonly string[],
  invert: boolean | undefined,
  text: string | undefined,
  datagram: Datagram,
): Holds {
  const blocks = prefixes.flatMap((prefix) => ipBlock(prefix) ?? []);
  if (blocks.length > 0 && blocks.every((block) => block.family !== datagram.family)) return false;
  if (blocks.some((block) => block.family === datagram.family && block.length === 0)) return flip(true, invert);
  const ip = text === undefined ? undefined : ipNumber(text);
  if (ip === undefined) return undefined;
  return flip(
    blocks.some((block) => covers(block, ip)),
    invert,
  );
}

/** A name ending in `*` stands for all that begin so. Where a hook has no such interface, none fits. */
function device(
  names: readonly string[],
  invert: boolean | undefined,
  own: string | undefined,
  exists: boolean,
): Holds {
  if (!exists) return flip(false, invert);
  if (names.includes('*')) return flip(true, invert);
  if (own === undefined) return undefined;
  return flip(
    names.some((name) => (name.endsWith('*') ? own.startsWith(name.slice(0, -1)) : own === name)),
    invert,
  );
}

/** A condition on ports or types never holds for a protocol that has none, inverted or not. */
function inRanges(
  ranges: readonly (readonly [number, number])[],
  invert: boolean | undefined,
  value: number | undefined,
  has: boolean,
): Holds {
  if (!has) return false;
  if (value === undefined) return undefined;
  return flip(
    ranges.some(([first, last]) => value >= first && value <= last),
    invert,
  );
}

/** The link-layer type of what arrives; what is sent counts as unicast until it has left (skb->pkt_type is 0). */
function packetType(type: string, invert: boolean | undefined, datagram: Datagram): Holds {
  if (!hasInput(datagram)) return flip(type === 'unicast', invert);
  if (isMulticast(datagram.destination)) return flip(type === 'multicast', invert);
  return undefined;
}

/** The destination's type in the routing tables; of groups it is known without them. `local,multicast` is either. */
function destinationType(types: string, invert: boolean | undefined, datagram: Datagram): Holds {
  if (!isMulticast(datagram.destination))
    return types.split(',').every((type) => type === 'multicast') ? flip(false, invert) : undefined;
  return flip(types.split(',').includes('multicast'), invert);
}

function state(states: readonly string[], invert: boolean | undefined, datagram: Datagram, context: Context): Holds {
  if (context.priority <= -200 || !isTrackedAt(datagram)) return undefined;
  const possible = conntrackStates(datagram, context.untracked);
  const fits = possible.filter((one) => states.includes(one));
  if (fits.length === possible.length) return flip(true, invert);
  return fits.length === 0 ? flip(false, invert) : undefined;
}

/** Connection tracking knows nothing of what has just come in, of what leaves the interface, and, as a rule, of frames within a bridge. */
function isTrackedAt({ hook, bridged }: Datagram): boolean {
  return bridged !== true && hook !== 'ingress' && hook !== 'egress';
}

function hasInput({ hook }: Datagram): boolean {
  return hook === 'ingress' || hook === 'prerouting' || hook === 'input' || hook === 'forward';
}

function hasOutput({ hook }: Datagram): boolean {
  return hook === 'egress' || hook === 'output' || hook === 'postrouting' || hook === 'forward';
}

/** TCP, UDP, DCCP, SCTP, UDP-Lite. */
function hasPorts({ protocol }: Datagram): boolean {
  return [6, 17, 33, 132, 136].includes(protocol);
}

function flip(result: boolean, invert: boolean | undefined): boolean {
  return invert === true ? !result : result;
}
