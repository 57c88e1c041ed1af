import { valueIn } from '../../model/fact.ts';
import type { Case } from '../case.ts';
import { movedByFamily, movementOf } from '../moved.ts';
import type { Evidence, Rule } from '../rule.ts';
import { at, atNode, evidence, groupText } from '../say.ts';
import { notReceiving } from '../skips.ts';

const rule: Rule = {
  id: 'mtu-exceeded',
  title: 'Datagrams come whole: fragments are put together',
  stage: 'network',
  severity: 'error',
  needs: ['movement'],
  skip: notReceiving,
  check: (c) => {
    const seen = [...c.arrivals, ...c.sightings, ...c.joinSightings].filter((f) => f.fragments > 0);
    const stuck = [reassembly(c, 'target'), reassembly(c, 'node')].filter((r) => r !== undefined);
    const broken = stuck.find((r) => r.failed);
    if (seen.length === 0 || broken === undefined) return [];
    const read = movedByFamily(c, 'delivered') ?? 0;
    const largest = Math.max(...seen.map((f) => f.largest));
    return [
      {
        severity: broken.complete === 0 && read === 0 ? 'error' : 'warning',
        summary: `datagrams of ${groupText(c)} come in fragments, and not all of them arrive`,
        detail:
          'A datagram larger than the MTU travels in fragments, and the loss of one loses all. For macvlan the node’s namespace puts them together before the pod sees anything; a port with a smaller MTU drops what is too large without a counter.',
        advice: `Send at most MTU − ${c.group.family === 4 ? 28 : 48} bytes of payload in a datagram, or give sender, switches, parent and pod interface the same, larger MTU.`,
        evidence: [
          evidence(
            at(c, seen[0]?.interface),
            'capture',
            `${seen.reduce((sum, f) => sum + f.fragments, 0)} fragments, the largest packet has ${largest} bytes`,
          ),
          broken.evidence,
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title: `Send smaller datagrams to ${groupText(c)}, or use one MTU on the whole way (link, switch ports, parent interface, pod interface)`,
          },
        ],
      },
    ];
  },
};
export default rule;

interface Reassembly {
  readonly failed: boolean;
  readonly complete: number;
  readonly evidence: Evidence;
}

/** How fragments fared in a namespace; `undefined` when none were counted there. RFC 4293: ReasmReqds counts fragments, ReasmOKs datagrams. */
function reassembly(c: Case, where: 'target' | 'node'): Reassembly | undefined {
  const observation = valueIn(where === 'target' ? c.target.observation : c.nodeObservation);
  const movement = movementOf(observation);
  const counters = movement === undefined ? undefined : valueIn(movement.counters);
  const prefix = c.group.family === 4 ? 'Ip.' : 'Ip6.Ip6';
  const read = (name: string) => counters?.[`${prefix}${name}`] ?? 0;
  const fragments = read('ReasmReqds');
  const complete = read('ReasmOKs');
  const fails = read('ReasmFails');
  if (fragments === 0) return undefined;
  return {
    failed: complete === 0 || fails > 0,
    complete,
    evidence: evidence(
      where === 'target' ? at(c) : atNode(c),
      c.group.family === 4 ? '/proc/net/snmp' : '/proc/net/snmp6',
      `during the look ReasmReqds rose by ${fragments}, ReasmOKs by ${complete}, ReasmFails by ${fails}`,
    ),
  };
}
