import { valueIn } from '../../model/fact.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { hasFullSockets, joinsAndLimit, MEMBERSHIP_LIMIT as LIMIT } from '../membership-limit.ts';
import type { Found, Rule } from '../rule.ts';
import { at, atNode, evidence } from '../say.ts';
import { notOnPodNetwork, notReceiving } from '../skips.ts';

/** Room for more than any socket here has. */
const ENOUGH = '512';

const rule: Rule = {
  id: 'membership-limit',
  title: 'The limit of memberships leaves room for the group',
  stage: 'membership',
  severity: 'error',
  needs: ['memberships', 'sysctls'],
  skip: (c) => notReceiving(c) ?? (c.group.family === 6 ? 'the limit is one of IPv4' : undefined),
  check: (c) => [...ownLimit(c), ...agentLimit(c)],
};
export default rule;

/** Of the sockets in the target's own namespace. */
function ownLimit(c: Case): Found[] {
  const counted = joinsAndLimit(c.ns);
  if (counted === undefined || c.memberships.length > 0 || counted.joins < counted.limit) return [];
  const { joins: joined, limit } = counted;
  return [
    {
      severity: hasFullSockets(c) ? 'error' : 'warning',
      summary: `${joined} memberships are there and ${c.group.address} is not: a socket may have ${limit}`,
      detail: `${LIMIT} limits the groups of one socket. The join beyond it fails with ENOBUFS ("No buffer space available"). Every new network namespace starts at 20, whatever the node has.`,
      advice:
        'Raise the limit where the application runs (in the pod, not on the node), or let it spread its groups over several sockets.',
      evidence: [
        evidence(at(c), LIMIT, String(limit)),
        evidence(at(c), '/proc/net/igmp', `${joined} joins, none of ${c.group.address}`),
      ],
      fixes: fixesFor(c, limit),
    },
  ];
}

/** Antrea's agent joins for all pods of its node with one socket. */
function agentLimit(c: Case): Found[] {
  const network = valueIn(c.snapshot.cluster.podNetwork);
  const counted = joinsAndLimit(c.nodeNs);
  const has = c.nodeNs.memberships.some((m) => m.group === c.group.address);
  if (network?.name !== 'antrea' || notOnPodNetwork(c) !== undefined || c.arrivals.length > 0) return [];
  if (counted === undefined || counted.joins < counted.limit || has) return [];
  if (c.memberships.length === 0 || c.target.node === undefined) return [];
  const { joins: joined, limit } = counted;
  return [
    {
      summary: `Antrea’s agent on ${c.target.node} has joined ${joined} groups and may not join ${c.group.address}`,
      detail: `The agent joins for all pods of its node with one socket, and ${LIMIT} of the node limits that to ${limit}.`,
      advice: `Raise ${LIMIT} on the node.`,
      evidence: [
        evidence(atNode(c), LIMIT, String(limit)),
        evidence(atNode(c), '/proc/net/igmp', `${joined} joins, none of ${c.group.address}`),
      ],
      fixes: [raiseOnNode(c.target.node, limit), { kind: 'recreate' }],
    },
  ];
}

function fixesFor(c: Case, limit: number): Fix[] {
  if (c.onHost) return c.target.node === undefined ? [] : [raiseOnNode(c.target.node, limit), { kind: 'recreate' }];
  const attachment = c.attachments.find((a) => a.selection.interface === c.expected?.interface) ?? c.attachments[0];
  if (attachment === undefined)
    return [
      {
        kind: 'advice',
        on: 'cluster',
        title: `Set ${LIMIT} to ${ENOUGH} in spec.securityContext.sysctls of the pod (the kubelet must allow it: allowedUnsafeSysctls), or let the application use more sockets`,
      },
    ];
  const { namespace, name } = attachment.selection;
  return [
    { kind: 'attachment', namespace, name, edits: [{ set: 'sysctl', name: LIMIT, value: ENOUGH }] },
    { kind: 'recreate' },
  ];
}

function raiseOnNode(node: string, limit: number): Fix {
  return {
    kind: 'node',
    node,
    title: 'Raise the limit of memberships (until the node restarts; make it last in /etc/sysctl.d)',
    run: `sysctl -w ${LIMIT}=${ENOUGH}`,
    undo: `sysctl -w ${LIMIT}=${limit}`,
  };
}
