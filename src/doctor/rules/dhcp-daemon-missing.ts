import { valueIn } from '../../model/fact.ts';
import { soundConfig } from '../attachment.ts';
import type { Rule } from '../rule.ts';
import { atNad, atNode, eventEvidence, evidence } from '../say.ts';
import { hasNetworks, sandboxFailure } from '../starting.ts';

const REFUSED = /error dialing DHCP daemon|dial unix \S*dhcp\.sock/i;

const rule: Rule = {
  id: 'dhcp-daemon-missing',
  title: 'The DHCP daemon that the attachment needs runs on the node',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod'],
  skip: hasNetworks,
  check: (c) => {
    const files = c.node === undefined ? undefined : valueIn(c.node.cni);
    const users = c.attachments.filter((a) => soundConfig(a)?.ipamType === 'dhcp');
    const failed = REFUSED.test(sandboxFailure(c)?.message ?? '');
    const silent = users.length > 0 && files?.dhcpSocket === false;
    if (!failed && !silent) return [];
    return [
      {
        summary: `no CNI DHCP daemon runs on ${c.target.node}`,
        detail:
          'The plugin "dhcp" only hands the request to a daemon, through /run/cni/dhcp.sock. Nobody listens there, so the pod gets no address and never starts.',
        advice:
          'Run "/opt/cni/bin/dhcp daemon" on every node, as a DaemonSet or a service; or give the attachment another IPAM.',
        evidence: [
          ...users.map((a) => evidence(atNad(a), 'spec.config ipam.type', 'dhcp')),
          ...(files === undefined
            ? []
            : [evidence(atNode(c), '/run/cni', files.dhcpSocket ? 'dhcp.sock is there' : 'no dhcp.sock')]),
          ...eventEvidence(c, REFUSED),
        ],
        fixes: [
          {
            kind: 'node',
            node: c.target.node ?? '',
            title: 'Start the DHCP daemon (until the node restarts; a DaemonSet or a service makes it last)',
            // A socket file that a dead daemon left keeps the next one from starting.
            run: [
              'mkdir -p /run/cni',
              'rm -f /run/cni/dhcp.sock',
              'setsid /opt/cni/bin/dhcp daemon -pidfile /run/cni/dhcp.pid </dev/null >/var/log/cni-dhcp.log 2>&1 &',
            ].join('\n'),
            undo: 'kill "$(cat /run/cni/dhcp.pid)"',
          },
          { kind: 'recreate' },
        ],
      },
    ];
  },
};
export default rule;
