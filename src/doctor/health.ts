/** When no rule found an error: is the case healthy, or could it not be told? Healthy needs the decisive facts. */
import { isKnown, reasonOf, valueIn } from '../model/fact.ts';
import { askedSource } from './asked-source.ts';
import type { Case } from './case.ts';
import type { Check } from './diagnosis.ts';
import { movedByFamily } from './moved.ts';
import { groupText, listing } from './say.ts';
import { listeners } from './sockets.ts';
import { describeFlows, interfacesOf, packetsOf } from './traffic.ts';

/** Checks that must not be unknown for a verdict of healthy. */
const DECISIVE = [
  'joined-on-wrong-interface',
  'no-membership',
  'source-filter-mismatch',
  'port-mismatch',
  'no-socket',
  'bound-to-unicast',
];

export interface Health {
  readonly healthy: boolean;
  readonly because: string;
}

export function assess(c: Case, checks: readonly Check[]): Health {
  if (c.snapshot.manifests !== undefined)
    return {
      healthy: false,
      because: 'nothing written here is certain to fail; whether the stream arrives only a running pod can tell',
    };
  if (!isKnown(c.target.observation))
    return { healthy: false, because: `${c.target.name} could not be looked into: ${c.target.observation.unknown}` };
  const gap = checks.find((check) => check.outcome === 'unknown' && DECISIVE.includes(check.rule));
  if (gap !== undefined) return { healthy: false, because: `not told: ${gap.reason}` };
  if (c.role === 'none' && c.target.kind !== 'pod')
    return {
      healthy: false,
      because: `nobody in ${c.target.name} is a member of ${c.group.address}, and nothing there sends to it; ${seenOn(c)}`,
    };
  return c.role === 'sender' ? sends(c) : receives(c);
}

/** What a node or a machine without a receiver of its own can tell all the same. */
function seenOn(c: Case): string {
  const seen = [...c.arrivals, ...c.sightings, ...c.joinSightings].filter((f) => f.direction === 'in');
  if (seen.length === 0) return 'the group was seen on no interface';
  return `the group is on ${listing(interfacesOf(seen))}: ${describeFlows(seen.filter((f) => f.interface === seen[0]?.interface))}`;
}

function sends(c: Case): Health {
  const out = packetsOf(c.departures);
  return {
    healthy: out > 0,
    because: `${c.target.name} sends to ${groupText(c)} out of ${c.departures[0]?.interface ?? 'no interface'} (${out} datagrams seen)`,
  };
}

function receives(c: Case): Health {
  const observation = valueIn(c.target.observation)!;
  const arrived = packetsOf(c.arrivals);
  const look = reasonOf(observation.look);
  const taken = movedByFamily(c, 'delivered');
  const multicast = movedByFamily(c, 'multicast');
  if (taken === undefined || multicast === undefined)
    return {
      healthy: false,
      because: `the counters could not be read twice${isKnown(observation.movement) ? '' : `: ${observation.movement.unknown}`}`,
    };
  if (look !== undefined && !(multicast > 0 && taken > 0))
    return {
      healthy: false,
      because: `the wire could not be watched (${look}), and no counter shows a stream that is taken`,
    };
  if (look === undefined && arrived === 0)
    return {
      healthy: false,
      because: `no datagram to ${groupText(c)} was seen, and nothing wrong was found: nobody may be sending now`,
    };
  const asked = askedSource(c);
  if (look === undefined && asked !== undefined && !c.arrivals.some((f) => f.source === asked))
    return {
      healthy: false,
      because: `of ${groupText(c)} nothing came from ${asked} during the look, but ${describeFlows(c.arrivals)}: the source is another than was asked about, or did not send meanwhile`,
    };
  if (listeners(c).length === 0) return { healthy: false, because: 'no socket is known that takes the stream' };
  if (taken < Math.min(arrived, 3))
    return {
      healthy: false,
      because: `the stream enters ${c.expected?.interface}, but the application took ${taken} datagrams meanwhile: it may be busy or stopped`,
    };
  const where = c.arrivals[0]?.interface ?? c.memberships[0]?.interface;
  return {
    healthy: true,
    because: `${groupText(c)} enters ${where} and the application reads it (${look === undefined ? `${arrived} datagrams seen` : `${multicast} multicast packets counted`}, ${taken} read)`,
  };
}
