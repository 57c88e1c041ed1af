import type { Rule } from '../rule.ts';
import { at, evidence, groupText, listing } from '../say.ts';
import { notReceiving, withoutMemberOrPort } from '../skips.ts';
import { bindsGroup, candidateSockets, describeSocket, isConnected, listeners } from '../sockets.ts';

const rule: Rule = {
  id: 'bound-to-unicast',
  title: 'The socket is bound to the group or to any address',
  stage: 'socket',
  severity: 'error',
  needs: ['sockets'],
  skip: (c) => notReceiving(c) ?? withoutMemberOrPort(c),
  check: (c) => {
    const bound = candidateSockets(c).filter((s) => c.ports.includes(s.localPort) && !bindsGroup(c, s));
    if (bound.length === 0 || listeners(c).length > 0) return [];
    return [
      {
        summary: `the socket of port ${listing(c.ports)} is bound to ${listing(bound.map((s) => s.localAddress))}`,
        detail: bound.every(isConnected)
          ? `The application has connected it to ${listing(bound.map((s) => `${s.remoteAddress}:${s.remotePort}`))}, and connect() bound it to that address. Such a socket gets datagrams to it alone, and from that peer; those to a group go past it.`
          : 'A socket bound to a unicast address gets datagrams to that address alone; those to a group go past it.',
        advice: `Bind to ${c.group.address} (gets this group alone) or to any address.`,
        evidence: bound.map((s) =>
          evidence(at(c), s.family === 4 ? '/proc/net/udp' : '/proc/net/udp6', `bound to ${describeSocket(s)}`),
        ),
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title: `Bind the receiving socket of ${groupText(c)} to the group or to any address`,
          },
        ],
      },
    ];
  },
};
export default rule;
