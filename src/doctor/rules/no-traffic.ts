import { isKnown, valueIn } from '../../model/fact.ts';
import { podNetworkTraits } from '../../model/pod-networks.ts';
import type { Case } from '../case.ts';
import { cloudBeneath } from '../cloud.ts';
import { parentName } from '../expected.ts';
import { offline } from '../parent.ts';
import type { Rule } from '../rule.ts';
import { at, atNode, evidence, groupText } from '../say.ts';
import { notReceiving } from '../skips.ts';

const rule: Rule = {
  id: 'no-traffic',
  title: 'Somebody sends to the group',
  stage: 'sender',
  severity: 'error',
  needs: [['look', 'node.look', 'node.joinLook']],
  skip: (c) =>
    notReceiving(c) ??
    offline(c) ??
    (deaf(c) ? 'the network would not bring a stream here, so its absence says nothing' : undefined),
  check: (c) => {
    if (c.arrivals.length > 0 || c.sightings.length > 0 || c.joinSightings.length > 0) return [];
    const looked = longEnough(c);
    if (looked === undefined) return [];
    const member = c.memberships.find((m) => m.interface === c.expected?.interface);
    return [
      {
        // Silence explains the loss only where everything on this side is in place; beside another cause it may be a pause.
        severity: member !== undefined ? 'error' : 'warning',
        summary: `no datagram to ${groupText(c)} was seen anywhere in ${looked}`,
        detail:
          'Neither the target’s interfaces nor its node’s saw the group, also while kmcast itself was a member. Either nobody sends now, or the stream does not reach this LAN (another VLAN, a router without multicast routing, a TTL that ended on the way, a switch that filters it or whose MTU is below the size of the datagrams).',
        advice:
          'Check that the sender runs and sends to this very group, with a TTL above the number of routers on the way; on a slow stream look longer (--for 1m).',
        evidence: [
          evidence(at(c), 'capture', `no datagram to ${c.group.address}`),
          ...(isKnown(c.nodeObservation)
            ? [evidence(atNode(c), 'capture, with a join', `no datagram to ${c.group.address} on ${watched(c)}`)]
            : []),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title: `Start the sender of ${groupText(c)}, or correct its group, interface and TTL; where it does send, look on its way here for a filter, another VLAN, a port that is closed, or an MTU below the size of its datagrams`,
          },
        ],
      },
    ];
  },
};
export default rule;

/** A pod on a network that carries no multicast hears nothing of a sender elsewhere: silence there proves nothing about the sender. */
function deaf(c: Case): boolean {
  if (cloudBeneath(c) !== undefined) return true;
  if (c.onHost || c.attachments.length > 0 || (c.expected !== undefined && c.expected.interface !== c.primary))
    return false;
  const traits = podNetworkTraits(valueIn(c.snapshot.cluster.podNetwork)?.name ?? '');
  return traits !== undefined && (traits.switchable || ['none', 'node'].includes(traits.reach));
}

/** How long was looked, with a join where the network would not send without one; `undefined` when that was not done. */
function longEnough(c: Case): string | undefined {
  const node = valueIn(c.nodeObservation);
  const joined = node === undefined ? undefined : valueIn(node.joinLook);
  const own = isKnown(c.target.observation) ? valueIn(c.target.observation.value.look) : undefined;
  const member = c.memberships.length > 0;
  // A pod's own membership may have aged out in the switch: only a fresh join proves silence, and only on the LAN in question.
  const name = c.expected?.interface;
  const lan = name === undefined || c.onHost ? name : parentName(c, name);
  if (joined?.joined.some((j) => j.group === c.group.address && (lan === undefined || j.interface === lan)))
    return seconds(joined.duration);
  return c.onHost && member && own !== undefined && own.duration >= 130_000 ? seconds(own.duration) : undefined;
}

function watched(c: Case): string {
  const look = isKnown(c.nodeObservation) ? valueIn(c.nodeObservation.value.joinLook) : undefined;
  return [...new Set(look?.joined.map((j) => j.interface) ?? [])].join(', ');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
