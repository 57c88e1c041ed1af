/** A place of a packet filter that stops a datagram. */
import type { FirewallMovement, Movement } from '../facts/movement.ts';
import { type Datagram, type Stopper, verdicts } from '../model/firewall.ts';
import type { Firewall } from '../model/packet-filter.ts';
import { movedInFirewall } from './moved.ts';

/** A place of the filter that stops what matters, and how often it did so during the look. */
export interface Stopped {
  readonly by: Stopper;
  readonly datagram: Datagram;
  /** Packets that met it meanwhile; 0 also when nothing is counted. */
  readonly moved: number;
}

/** The first of the datagrams that is stopped for certain, or by a place whose conditions are not all understood and that counted meanwhile. */
export function stoppedBy(
  firewall: Firewall,
  datagrams: readonly Datagram[],
  movement: Movement | undefined,
): Stopped | undefined {
  for (const datagram of datagrams) {
    const verdict = verdicts(firewall, datagram);
    if (verdict.outcome === 'accept' || verdict.by === undefined) continue;
    const moved = movedBy(movement, verdict.by);
    // A condition that is not understood may spare the group; a counter that moved meanwhile says that it does not.
    if (verdict.outcome === 'drop' || moved > 0) return { by: verdict.by, datagram, moved };
  }
  return undefined;
}

/** `firewall rule "…"`, or the policy of a chain. */
export function stopperText(by: Stopper): string {
  return by.kind === 'rule'
    ? `firewall rule "${by.rule.text}"`
    : `the ${by.chain.policy} policy of chain ${by.chain.table}/${by.chain.name}`;
}

function movedBy(movement: Movement | undefined, by: Stopper): number {
  const place = by.kind === 'rule' ? by.rule : by.chain;
  const chain = by.kind === 'rule' ? by.rule.chain : by.chain.name;
  const same = (m: FirewallMovement) =>
    m.family === place.family &&
    m.table === place.table &&
    m.chain === chain &&
    m.number === (by.kind === 'rule' ? by.rule.number : undefined);
  return movedInFirewall(movement, same);
}
