/** How far counters of the target's namespace moved during the look. */

import type { FirewallMovement, Movement } from '../facts/movement.ts';
import type { Observation } from '../facts/snapshot.ts';
import { isKnown, valueIn } from '../model/fact.ts';
import type { Case } from './case.ts';

/** The movement, or `undefined` when there were no two readings. */
export function movementOf(observation: Observation | undefined): Movement | undefined {
  return observation === undefined ? undefined : valueIn(observation.movement);
}

/** By how much the counter grew in the target's namespace; 0 when it did not, `undefined` when it could not be read twice. */
export function moved(c: Case, counter: string): number | undefined {
  const movement = movementOf(valueIn(c.target.observation));
  if (movement === undefined || !isKnown(movement.counters)) return undefined;
  return movement.counters.value[counter] ?? 0;
}

/** Multicast packets that passed the routing decision, and datagrams that applications read: by family. */
export function movedByFamily(c: Case, counter: 'multicast' | 'delivered' | 'buffer' | 'checksum'): number | undefined {
  const names = {
    multicast: { 4: 'IpExt.InMcastPkts', 6: 'Ip6.Ip6InMcastPkts' },
    delivered: { 4: 'Udp.InDatagrams', 6: 'Udp6.Udp6InDatagrams' },
    buffer: { 4: 'Udp.RcvbufErrors', 6: 'Udp6.Udp6RcvbufErrors' },
    checksum: { 4: 'Udp.InCsumErrors', 6: 'Udp6.Udp6InCsumErrors' },
  } as const;
  return moved(c, names[counter][c.group.family]);
}

/** Packets that met the rule or policy during the look. */
export function movedInFirewall(movement: Movement | undefined, match: (m: FirewallMovement) => boolean): number {
  const rules = movement === undefined ? [] : (valueIn(movement.firewall) ?? []);
  return rules.filter(match).reduce((sum, m) => sum + m.packets, 0);
}
