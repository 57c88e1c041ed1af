import type { Rule } from '../rule.ts';
import { at, evidence, groupText, listing } from '../say.ts';
import { notReceiving } from '../skips.ts';
import { bindsGroup, candidateSockets } from '../sockets.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'no-socket',
  title: 'A socket is open for the group',
  stage: 'socket',
  severity: 'error',
  needs: ['sockets'],
  skip: (c) => notReceiving(c) ?? (c.memberships.length === 0 ? 'the target is no member' : undefined),
  check: (c) => {
    if (candidateSockets(c).some((s) => bindsGroup(c, s) || c.ports.includes(s.localPort))) return [];
    return [
      {
        summary: `the group is joined, but no UDP socket could take ${groupText(c)}`,
        detail:
          'Joining and receiving may be different sockets; here nothing is bound to the port, to any address or to the group. (A raw or packet socket would not be listed.)',
        advice: `Let the application bind a socket to the group or to any address, port ${c.ports.length > 0 ? listing(c.ports) : 'of the stream'}.`,
        evidence: [
          evidence(
            at(c),
            '/proc/net/udp',
            c.ns.sockets.length === 0
              ? 'no UDP sockets'
              : `${c.ns.sockets.length} UDP sockets, none bound to any address or the group`,
          ),
          ...(c.arrivals.length > 0
            ? [evidence(at(c, c.arrivals[0]!.interface), 'capture', describeFlows(c.arrivals))]
            : []),
        ],
        fixes: [{ kind: 'advice', on: 'application', title: `Bind a UDP socket for ${groupText(c)}` }],
      },
    ];
  },
};
export default rule;
