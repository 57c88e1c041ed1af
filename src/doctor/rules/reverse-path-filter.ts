import { hostPrefix } from '../../model/address.ts';
import { type ReversePath, reversePath } from '../../model/reverse-path.ts';
import type { Case } from '../case.ts';
import { lanFlows } from '../expected.ts';
import type { Fix } from '../fix.ts';
import { moved, movedByFamily } from '../moved.ts';
import { routingOf } from '../routing.ts';
import type { Evidence, Rule } from '../rule.ts';
import { at, evidence } from '../say.ts';
import { notReceiving } from '../skips.ts';
import { describeFlows, interfacesOf, packetsOf } from '../traffic.ts';

const COUNTER = 'TcpExt.IPReversePathFilter';

const rule: Rule = {
  id: 'reverse-path-filter',
  title: 'The reverse-path filter lets the source in',
  stage: 'filter',
  severity: 'error',
  needs: [['routes', 'movement']],
  skip: (c) => notReceiving(c) ?? (c.group.family === 6 ? 'IPv6 has no reverse-path filter' : undefined),
  check: (c) => {
    const name = entryOf(c);
    if (name === undefined) return [];
    const drops = moved(c, COUNTER) ?? 0;
    const dropped = c.sources
      .map((source) => ({ source, ...judge(c, source, name) }))
      .filter((v) => !v.accepted && v.counted);
    const [verdict] = dropped;
    // The counter alone proves it where routes could not be read: it moves, and no multicast packet gets past the routing decision.
    const proven =
      drops > 0 && (verdict !== undefined || (c.ns.routes.length === 0 && movedByFamily(c, 'multicast') === 0));
    if (!proven && verdict === undefined) return [];
    // A source that is let in too means that the stream arrives in part: that is no explanation for nothing.
    if (verdict !== undefined && dropped.length < c.sources.length) return [];
    const source = verdict?.source ?? c.sources[0] ?? 'the source';
    const arrived = c.arrivals.filter((f) => f.interface === name);
    return [
      {
        summary: `the reverse-path filter drops ${source} on ${name}`,
        detail: `${verdict?.reason ?? 'The kernel counts drops of the reverse-path filter'}. A capture shows the datagrams, the application never gets them.`,
        advice: `Route ${source} to ${name} in the attachment (or set rp_filter to 2 for all and ${name}).`,
        evidence: [
          ...(arrived.length > 0 ? [evidence(at(c, name), 'capture', describeFlows(arrived))] : []),
          ...sysctlEvidence(c, name, verdict),
          ...(drops > 0
            ? [
                evidence(
                  at(c),
                  `/proc/net/netstat ${COUNTER}`,
                  `rose by ${drops} during the look${arrived.length > 0 ? ` (${packetsOf(arrived)} datagrams seen)` : ''}`,
                ),
              ]
            : []),
        ],
        fixes: fixesFor(c, name, source),
      },
    ];
  },
};
export default rule;

/** Where the stream enters, or would: the interface that has arrivals, else the expected one. */
function entryOf(c: Case): string | undefined {
  const arrived = interfacesOf(c.arrivals.filter((f) => f.interface !== 'lo'));
  const member = arrived.find((name) => c.memberships.some((m) => m.interface === name));
  if (member !== undefined || arrived.length > 0) return member ?? arrived[0];
  // Without a look into the namespace the membership and the node's sight stand in for it.
  const seen = lanFlows(c).length > 0 || 'unknown' in c.target.observation || (moved(c, COUNTER) ?? 0) > 0;
  const joined = c.memberships.find((m) => m.interface === c.expected?.interface);
  return seen ? joined?.interface : undefined;
}

function judge(c: Case, source: string, name: string): ReversePath {
  if (c.ns.routes.length === 0 || c.ns.links.length === 0)
    return { accepted: true, counted: false, rpFilter: 0, reason: '' };
  return reversePath(routingOf(c.ns), { source, interface: name, group: c.group.address });
}

function sysctlEvidence(c: Case, name: string, verdict: ReversePath | undefined): Evidence[] {
  const value = (scope: string) => c.ns.sysctls[`net.ipv4.conf.${scope}.rp_filter`];
  if (value('all') === undefined) return [];
  const back = verdict?.towardSource;
  return [
    evidence(
      at(c, name),
      'net.ipv4.conf.*.rp_filter',
      `rp_filter all=${value('all')} ${name}=${value(name) ?? '?'}: ${['off', 'strict', 'loose'][verdict?.rpFilter ?? 0] ?? verdict?.rpFilter}`,
    ),
    ...(back === undefined
      ? []
      : [
          evidence(
            at(c),
            'routes',
            `an answer to the source would leave by ${back.interfaces.join(', ')} (${back.route})`,
          ),
        ]),
  ];
}

function fixesFor(c: Case, name: string, source: string): Fix[] {
  const attachment = c.attachments.find((a) => a.selection.interface === name);
  if (attachment !== undefined)
    return [
      { kind: 'attachment', namespace: attachment.selection.namespace, name: attachment.selection.name, edits: [] },
      { kind: 'recreate' },
    ];
  if (!c.onHost || c.target.node === undefined)
    return [{ kind: 'advice', on: 'cluster', title: `Route ${source} to ${name} in the attachment that makes it` }];
  const route = `${hostPrefix(source)} dev ${name}`;
  return [
    {
      kind: 'node',
      node: c.target.node,
      title: `Route the source to ${name} (until the node restarts; make it last in its network configuration)`,
      run: `ip route replace ${route}`,
      undo: `ip route del ${route}`,
    },
    {
      kind: 'alternative',
      title: 'Relax the filter on that node',
      on: `node/${c.target.node}`,
      run: `sysctl -w net.ipv4.conf.${name}.rp_filter=2`,
    },
  ];
}
