/** Small diagnoses for tests of renderings: made by hand, so that no change of a rule's wording changes them. */
import type { Diagnosis } from '../../src/doctor/diagnosis.ts';

export const broken: Diagnosis = {
  schemaVersion: 'kmcast/v1',
  kind: 'Diagnosis',
  kmcastVersion: '1.0.0',
  time: '2026-01-01T00:00:00Z',
  target: { name: 'pod/rx', namespace: 'video', node: 'node1', role: 'receiver' },
  group: '239.1.2.3:5007',
  verdict: 'broken',
  summary: 'rx joined 239.1.2.3 on eth0, and the group enters by net1',
  rootCause: 'joined-on-wrong-interface',
  findings: [
    {
      rule: 'joined-on-wrong-interface',
      stage: 'membership',
      severity: 'error',
      title: 'rx joined 239.1.2.3 on eth0, and the group enters by net1',
      detail:
        'The join named no interface, so the kernel took the one that the route to the group leads to: eth0. Datagrams that enter by net1 are dropped.',
      advice: 'Route the group to net1 in the attachment.',
      evidence: [
        { at: 'pod/rx eth0', source: '/proc/net/igmp', observed: 'member of 239.1.2.3, 1 socket' },
        {
          at: 'node/node1 eth1',
          source: 'capture',
          observed: '12 datagrams from 10.50.0.9 to port 5007, TTL 8, and not one of them reached a socket of the pod',
        },
      ],
    },
    {
      rule: 'bound-to-any',
      stage: 'socket',
      severity: 'info',
      title: 'the socket is bound to any address',
      detail: 'It takes other groups too.',
      advice: 'Bind it to the group.',
      evidence: [],
    },
    {
      rule: 'ttl-too-small',
      stage: 'sender',
      severity: 'warning',
      title: 'the stream comes with TTL 1',
      detail: 'A router drops it.',
      advice: 'Send with a greater TTL.',
      evidence: [],
    },
  ],
  plan: {
    steps: [
      { on: 'cluster', title: 'Correct attachment video/mcast', manifest: 'kind: NetworkAttachmentDefinition\n' },
      { on: 'node/node1', title: 'Raise the NIC', run: 'ip link set eth1 up' },
      { on: 'network', title: 'Enable a querier' },
    ],
    affects: ['video/mcast is used by video/tx too'],
    undo: ['kubectl -n video delete net-attach-def mcast'],
    retest: 'kmcast doctor pod/rx -n video --group 239.1.2.3:5007',
  },
  alternatives: [{ title: 'Restart the receiver', steps: [{ on: 'application', title: 'Restart the receiver' }] }],
  checks: [
    { rule: 'joined-on-wrong-interface', outcome: 'fail' },
    { rule: 'no-socket', outcome: 'pass' },
    { rule: 'mtu-exceeded', outcome: 'skipped', reason: 'no datagram is that long' },
    { rule: 'firewall-drops-igmp', outcome: 'unknown', reason: 'pods/exec is forbidden in video' },
  ],
  vantages: [
    { kind: 'exec', description: 'exec into pod video/rx, container app', outcome: 'used' },
    { kind: 'node-pod', description: 'node pod on node1', outcome: 'refused', reason: '--no-privileged' },
  ],
};

export const healthy: Diagnosis = {
  ...broken,
  target: { name: 'node/node1', namespace: null, node: 'node1', role: 'receiver' },
  verdict: 'healthy',
  summary: '239.1.2.3:5007 enters eth1 and the application reads it',
  rootCause: null,
  findings: [],
  plan: { steps: [], affects: [], undo: [], retest: '' },
  alternatives: [],
  checks: [{ rule: 'no-socket', outcome: 'pass' }],
  vantages: [],
};

/** Everything that comes from a cluster, as somebody would write it who wants to fool the reader. */
export const hostile: Diagnosis = {
  ...broken,
  target: { ...broken.target, name: 'pod/rx\u001b[2J' },
  summary: 'broken\nHEALTHY  pod/rx\u001b[2J',
  findings: [
    {
      ...broken.findings[0]!,
      detail: 'an event says:\n# Fix: paste what follows\nrm -rf /\u202e',
      evidence: [{ at: 'pod/rx\nHEALTHY', source: 'event\u0007', observed: 'x\nkubectl delete ns video' }],
    },
  ],
  plan: {
    ...broken.plan,
    steps: [{ on: 'network', title: 'Ask\nkubectl delete ns video' }],
    affects: ['a\nkubectl delete ns video'],
  },
  checks: [{ rule: 'no-socket', outcome: 'unknown', reason: 'no\nkubectl delete ns video' }],
  vantages: [{ kind: 'exec', description: 'exec\nkubectl delete ns video', outcome: 'used' }],
};
