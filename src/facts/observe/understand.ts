/** From what an agent said of one place to an observation. */
import type { AgentMessage } from '../../agent/protocol.ts';
import { wireLook } from '../../capture/look.ts';
import { type Fact, isKnown, known, unknown } from '../../model/fact.ts';
import type { WireLook } from '../../model/wire.ts';
import { parseFirewall } from '../firewall/listings.ts';
import { movement } from '../movement.ts';
import { namespaceFacts } from '../namespace.ts';
import type { Observation } from '../snapshot.ts';

/** What the agent said of the place, without names of other places. */
export function messagesOf(messages: readonly AgentMessage[], place: string): AgentMessage[] {
  return messages.filter((m) => 'place' in m && m.place === place);
}

/** The observation of one place; unknown when it could not be entered, or when the agent was cut off before it read anything. */
export function observationOf(
  messages: readonly AgentMessage[],
  place: string,
  problem: string | undefined,
): Fact<Observation> {
  const own = messagesOf(messages, place);
  const refused = own.find((m) => m.type === 'refused');
  if (refused?.type === 'refused') return unknown(refused.error);
  if (!own.some((m) => m.type === 'file' || m.type === 'netlink' || m.type === 'command'))
    return unknown(problem ?? 'the agent read nothing');
  const before = namespaceFacts(own, 'before', parseFirewall);
  const again = own.some((m) => 'phase' in m && m.phase === 'after');
  return known({
    netns: before,
    movement: again
      ? known(movement(before, namespaceFacts(own, 'after', parseFirewall)))
      : unknown(problem ?? 'the counters were read once only'),
    look: lookOf(own, 'look', problem),
    joinLook: lookOf(own, 'join', problem),
    refusedJoins: own.flatMap((m) =>
      m.type === 'joined' && m.error !== undefined ? [{ group: m.group, interface: m.interface, error: m.error }] : [],
    ),
  });
}

/** The look of that step. A failed one says why. */
export function lookOf(
  own: readonly AgentMessage[],
  step: 'look' | 'join',
  problem: string | undefined,
): Fact<WireLook> {
  const message = own.find((m) => m.type === 'look' && m.step === step);
  if (message?.type === 'look') {
    const joined = own.flatMap((m) =>
      m.type === 'joined' && m.error === undefined
        ? [{ group: m.group, interface: m.interface, ...(m.source === undefined ? {} : { source: m.source }) }]
        : [],
    );
    return known({ ...wireLook(message), joined: step === 'join' ? joined : [] });
  }
  const failed = own.find((m) => m.type === 'failed' && m.what === step);
  if (failed?.type === 'failed') return unknown(`the wire could not be watched: ${failed.error}`);
  return unknown(problem ?? (step === 'join' ? 'no join was made' : 'the wire was not watched'));
}

/** Puts the look of a later job beside what was observed before. */
export function withJoinLook(
  observation: Fact<Observation>,
  messages: readonly AgentMessage[],
  place: string,
  problem: string | undefined,
): Fact<Observation> {
  if (!isKnown(observation)) return observation;
  const own = messagesOf(messages, place);
  const refused = own.flatMap((m) =>
    m.type === 'joined' && m.error !== undefined ? [{ group: m.group, interface: m.interface, error: m.error }] : [],
  );
  return known({ ...observation.value, joinLook: lookOf(own, 'join', problem), refusedJoins: refused });
}
