import { valueIn } from '../../model/fact.ts';
import { isLinkScope } from '../../model/group.ts';
import type { Flow } from '../../model/wire.ts';
import { type Case, unique } from '../case.ts';
import { entriesOf, vifName } from '../multicast-routes.ts';
import { switchedOn } from '../pod-network.ts';
import type { Found, Rule } from '../rule.ts';
import { at, atNode, evidence, groupText, listing } from '../say.ts';
import { notOnPodNetwork } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'ttl-too-small',
  title: 'The TTL is enough for the routers on the way',
  stage: 'sender',
  severity: 'error',
  needs: [],
  skip: (c) =>
    isLinkScope(c.group.address)
      ? 'the group stays on its link whatever the TTL'
      : c.departures.length + c.sightings.length + c.joinSightings.length === 0
        ? 'no datagram of the group was seen on its way'
        : undefined,
  check: (c) => [...byNodeRouter(c), ...byPodNetwork(c), ...byItself(c)].slice(0, 1),
};
export default rule;

/** The node routes the group, and an output asks for more than the datagrams have left (net/ipv4/ipmr.c ip_mr_forward). */
function byNodeRouter(c: Case): Found[] {
  if (c.arrivals.length > 0) return [];
  return entriesOf(c).flatMap((entry) => {
    const input = vifName(c, entry.input);
    const least = Math.min(...entry.outputs.map((output) => output.ttl));
    const short = [...c.sightings, ...c.joinSightings].filter(
      (f) => f.direction === 'in' && f.interface === input && f.ttl <= least,
    );
    if (entry.outputs.length === 0 || short.length === 0) return [];
    return [
      found(c, short, least + 1, {
        detail: `${c.target.node} routes ${c.group.address} from ${input} on, but forwards only what has a TTL above ${least}: a router takes one off, and what would be left does not go on.`,
        evidence: [
          evidence(atNode(c, input), 'capture', describeFlows(short)),
          evidence(
            atNode(c),
            '/proc/net/ip_mr_cache',
            `(${entry.origin}, ${entry.group}) from ${input} to ${listing(entry.outputs.map((o) => vifName(c, o.vif) ?? `VIF ${o.vif}`))}, TTL threshold ${least}`,
          ),
        ],
      }),
    ];
  });
}

/** Pod networks whose routers decrement it between nodes. */
function byPodNetwork(c: Case): Found[] {
  const out = c.departures.filter((f) => f.interface === c.primary);
  if (out.length === 0 || notOnPodNetwork(c) !== undefined || switchedOn(c) === false) return [];
  const nodes = valueIn(c.snapshot.cluster.nodes) ?? [];
  const network = valueIn(c.snapshot.cluster.podNetwork);
  if (network?.name === 'ovn-kubernetes' && nodes.length !== 1) {
    const needed = ovnHops(c);
    const short = out.filter((f) => f.ttl < needed);
    if (short.length === 0 || short.length < out.length) return [];
    return [
      found(c, short, needed, {
        detail: `OVN-Kubernetes relays multicast between nodes by logical routers, and each takes one off the TTL: below ${needed} only pods of the sender’s own node hear it.`,
        evidence: [
          evidence(at(c, c.primary), 'capture', describeFlows(short)),
          evidence('cluster', network.evidence, 'the pod network is OVN-Kubernetes'),
        ],
      }),
    ];
  }
  const short = out.filter((f) => f.ttl < 2);
  if (network?.name !== 'antrea' || short.length === 0) return [];
  return [
    {
      ...found(c, short, 2, {
        detail:
          'With Antrea, multicast that leaves the node by its NIC passes the node’s kernel as router, which takes one off the TTL: hosts outside, and without encapsulation pods of other nodes, get nothing.',
        evidence: [
          evidence(at(c, c.primary), 'capture', describeFlows(short)),
          evidence('cluster', network.evidence, 'the pod network is Antrea'),
        ],
      }),
      severity: 'warning',
    },
  ];
}

/** Three with a zone for each node (interconnect: two routers), two where all nodes share one. */
function ovnHops(c: Case): 2 | 3 {
  const zones = unique(
    (valueIn(c.snapshot.cluster.nodes) ?? []).flatMap((n) => n.annotations['k8s.ovn.org/zone-name'] ?? []),
  );
  return zones.length === 1 && zones[0] === 'global' ? 2 : 3;
}

/** Nothing is known of the way: worth knowing all the same, since 1 is the default of IP_MULTICAST_TTL. */
function byItself(c: Case): Found[] {
  const short = c.departures.filter((f) => f.ttl <= 1);
  if (short.length === 0 || short.length < c.departures.length) return [];
  return [
    {
      ...found(c, short, 2, {
        detail:
          'That is the default of IP_MULTICAST_TTL, and enough for receivers on the same LAN. No router forwards such datagrams.',
        evidence: [evidence(at(c, short[0]?.interface), 'capture', describeFlows(short))],
      }),
      severity: 'info',
      fixes: [],
    },
  ];
}

function found(c: Case, short: readonly Flow[], needed: number, more: Pick<Found, 'detail' | 'evidence'>): Found {
  const option = c.group.family === 4 ? 'IP_MULTICAST_TTL' : 'IPV6_MULTICAST_HOPS';
  return {
    summary: `${groupText(c)} is sent with a TTL of ${listing(unique(short.map((f) => f.ttl)))}`,
    advice: `Let the sender set ${option} to ${needed} or more (behind more routers: one for each).`,
    fixes: [
      {
        kind: 'advice',
        on: 'application',
        title: `Send to ${groupText(c)} with a TTL of at least ${needed} (${option})`,
      },
    ],
    ...more,
  };
}
