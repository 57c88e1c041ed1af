import type { Flow } from '../../model/wire.ts';
import { type Case, unique } from '../case.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText, listing } from '../say.ts';
import { notReceiving } from '../skips.ts';
import { describeFlows, packetsOf } from '../traffic.ts';

/** Copies come in about equal number; what an address change of a sender leaves behind does not. */
const SIMILAR = 0.5;

const rule: Rule = {
  id: 'duplicate-delivery',
  title: 'Each datagram comes once',
  stage: 'socket',
  severity: 'warning',
  needs: ['look'],
  skip: (c) => notReceiving(c) ?? (c.arrivals.length < 2 ? 'one flow arrives, or none' : undefined),
  check: (c) => {
    const doubled = streams(c)
      .map((copies) => ({ copies, how: wayOf(copies) }))
      .find(({ how }) => how !== undefined);
    if (doubled?.how === undefined) return [];
    const { copies, how } = doubled;
    return [
      {
        summary: `datagrams of ${groupText(c)} come more than once: ${how.what}`,
        detail: how.why,
        advice: how.advice,
        evidence: copies
          .slice(0, 4)
          .map((f) =>
            evidence(
              at(c, f.interface),
              'capture',
              `${describeFlows([f])}${f.sourceMac === undefined ? '' : `, from MAC ${f.sourceMac}`}`,
            ),
          ),
        fixes: [{ kind: 'advice', on: 'network', title: how.advice }],
      },
    ];
  },
};
export default rule;

/** Arrivals of one sender's socket, on interfaces where they are taken. */
function streams(c: Case): Flow[][] {
  const taken = c.arrivals.filter(
    (f) => f.sourcePort !== undefined && c.memberships.some((m) => m.interface === f.interface),
  );
  const keys = unique(taken.map((f) => `${f.source} ${f.sourcePort} ${f.destinationPort}`));
  return keys
    .map((key) => taken.filter((f) => `${f.source} ${f.sourcePort} ${f.destinationPort}` === key))
    .filter((s) => s.length > 1);
}

function wayOf(copies: readonly Flow[]): { what: string; why: string; advice: string } | undefined {
  const interfaces = unique(copies.map((f) => f.interface));
  if (interfaces.length > 1 && similar(interfaces.map((name) => packetsOf(copies.filter((f) => f.interface === name)))))
    return {
      what: `by ${listing(interfaces)}`,
      why: 'The group is joined on several interfaces that are on the same LAN or get the same stream; a socket bound to any address gets each copy.',
      advice: 'Join the group on one interface alone.',
    };
  const ttls = unique(copies.map((f) => f.ttl));
  if (ttls.length >= 3)
    return {
      what: `with the TTLs ${listing(ttls)}`,
      why: 'The same datagrams come back with a smaller TTL each time: routers or relays pass them on in a circle.',
      advice:
        'Find the loop of multicast routers, reflectors or relays, and limit each to the interfaces that it needs.',
    };
  const macs = unique(copies.flatMap((f) => f.sourceMac ?? []));
  if (macs.length > 1 && similar(macs.map((mac) => packetsOf(copies.filter((f) => f.sourceMac === mac)))))
    return {
      what: `from the MACs ${listing(macs)}`,
      why: 'Two devices put the same datagrams onto the LAN: two routers without an agreement who forwards (PIM assert), or a reflector beside the sender.',
      advice: 'Let one router or reflector alone forward the group onto this LAN.',
    };
  return undefined;
}

function similar(counts: readonly number[]): boolean {
  return Math.min(...counts) >= SIMILAR * Math.max(...counts);
}
