import { valueIn } from '../../model/fact.ts';
import type { MembershipMessage } from '../../model/wire.ts';
import { type Case, unique } from '../case.ts';
import type { Fix } from '../fix.ts';
import type { Rule } from '../rule.ts';
import { atNode, evidence, listing } from '../say.ts';

const UNSET = ['0.0.0.0', '::'];

const rule: Rule = {
  id: 'querier-without-address',
  title: 'Queries come from a querier with an address',
  stage: 'network',
  severity: 'warning',
  needs: ['node.look'],
  skip: (c) =>
    valueIn(c.snapshot.cluster.nodes)
      ?.find((n) => n.name === c.target.node)
      ?.providerID?.startsWith('aws://') === true
      ? 'a Transit Gateway asks from 0.0.0.0 by design'
      : undefined,
  check: (c) => {
    const heard = queries(c);
    const nameless = heard.filter((q) => UNSET.includes(q.source));
    if (nameless.length === 0 || heard.some((q) => !UNSET.includes(q.source))) return [];
    const names = unique(nameless.map((q) => q.interface));
    return [
      {
        severity: c.arrivals.length > 0 ? 'info' : 'warning',
        summary: `queries on ${listing(names)} come from ${nameless[0]?.source}`,
        detail:
          'A query without a source address elects no querier and marks no router port (RFC 4541 §2.1.1), and some hosts and switches ignore it: memberships age out there although somebody asks.',
        advice:
          'Give the querier an address of that LAN (a Linux bridge: an address on it and mcast_query_use_ifaddr 1).',
        evidence: names.map((name) => {
          const first = nameless.find((q) => q.interface === name)!;
          return evidence(atNode(c, name), 'capture', `${first.type} from ${first.source}`);
        }),
        fixes: fixesFor(c),
      },
    ];
  },
};
export default rule;

/** General and group-specific queries that were heard on the node. */
function queries(c: Case): MembershipMessage[] {
  const node = valueIn(c.nodeObservation);
  const looks = node === undefined ? [] : [valueIn(node.look), valueIn(node.joinLook)];
  return looks
    .flatMap((look) => look?.messages ?? [])
    .filter((m) => m.type.endsWith('query') && m.family === c.group.family && m.direction === 'in');
}

/** A bridge of the node's own may be the querier; any other device is out of reach. */
function fixesFor(c: Case): Fix[] {
  const own = c.nodeNs.links.find((l) => l.bridge?.querier === true && l.bridge.queryUseIfaddr === false);
  if (own === undefined || c.target.node === undefined)
    return [{ kind: 'advice', on: 'network', title: 'Give the querier of that LAN an address' }];
  return [
    {
      kind: 'node',
      node: c.target.node,
      title: `Let bridge ${own.name} ask from its own address (until the node restarts)`,
      run: `ip link set ${own.name} type bridge mcast_query_use_ifaddr 1`,
      undo: `ip link set ${own.name} type bridge mcast_query_use_ifaddr 0`,
    },
  ];
}
