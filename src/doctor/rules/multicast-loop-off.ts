import type { UdpSocket } from '../../model/netns.ts';
import type { Case } from '../case.ts';
import { moved, movedByFamily } from '../moved.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText } from '../say.ts';
import { describeSocket, listeners } from '../sockets.ts';
import { describeFlows, packetsOf } from '../traffic.ts';

const rule: Rule = {
  id: 'multicast-loop-off',
  title: 'What is sent here is heard by the members here',
  stage: 'sender',
  severity: 'warning',
  needs: ['movement', 'sockets'],
  skip: (c) => (c.role === 'both' ? undefined : 'the target does not both send to the group and join it'),
  check: (c) => {
    const own = c.departures.filter((f) => c.memberships.some((m) => m.interface === f.interface));
    const sent = packetsOf(own);
    // A looped copy counts as a multicast packet that came in (net/ipv4/ip_output.c ip_mc_output); so would any other arrival.
    if (sent === 0 || c.arrivals.length > 0 || movedByFamily(c, 'multicast') !== 0 || !counted(c)) return [];
    const [sender, receiver] = processes(c);
    // A program that does not want to hear itself switches the loop off on purpose.
    if (sender !== undefined && receiver !== undefined && sender.owner?.pid === receiver.owner?.pid) return [];
    const known = sender !== undefined && receiver !== undefined;
    return [
      {
        severity: known ? 'error' : 'warning',
        summary: `${groupText(c)} is sent in the network namespace of its receiver, without a copy for it (IP_MULTICAST_LOOP is 0)`,
        detail:
          'Members in the sender’s own network namespace (the same pod, or hostNetwork on the same node) get a copy only when the sending socket has IP_MULTICAST_LOOP on; on Linux the sender decides, not the receiver. Other hosts and other pods hear it either way.',
        advice: 'Set IP_MULTICAST_LOOP to 1 on the sending socket (it is the default; some libraries switch it off).',
        evidence: [
          evidence(at(c, own[0]?.interface), 'capture', `leaves: ${describeFlows(own)}`),
          evidence(
            at(c),
            c.group.family === 4 ? '/proc/net/netstat IpExt.InMcastPkts' : '/proc/net/snmp6 Ip6InMcastPkts',
            'did not move during the look',
          ),
          ...(known
            ? [
                evidence(
                  at(c),
                  '/proc/net/udp',
                  `sent by ${describeSocket(sender)}, received by ${describeSocket(receiver)}`,
                ),
              ]
            : []),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title: `Set IP_MULTICAST_LOOP to 1 on the socket that sends to ${groupText(c)}`,
          },
        ],
      },
    ];
  },
};
export default rule;

/** The counters cover the look only when they moved with the sender. */
function counted(c: Case): boolean {
  return (moved(c, c.group.family === 4 ? 'IpExt.OutMcastPkts' : 'Ip6.Ip6OutMcastPkts') ?? 0) > 0;
}

/** The sending and a receiving socket, when both and their processes are known. */
function processes(c: Case): [UdpSocket | undefined, UdpSocket | undefined] {
  const sender = c.ns.sockets.find(
    (s) => s.owner !== undefined && c.departures.some((f) => f.sourcePort === s.localPort),
  );
  const receiver = listeners(c).find((s) => s.owner !== undefined && s.inode !== sender?.inode);
  return [sender, receiver ?? (sender !== undefined && listeners(c).includes(sender) ? sender : undefined)];
}
