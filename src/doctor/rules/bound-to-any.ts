import { valueIn } from '../../model/fact.ts';
import { isHousekeeping, isMulticast } from '../../model/group.ts';
import type { Flow } from '../../model/wire.ts';
import { type Case, unique } from '../case.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText, listing } from '../say.ts';
import { notReceiving } from '../skips.ts';
import { describeSocket, listeners } from '../sockets.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'bound-to-any',
  title: 'The socket gets no other group',
  stage: 'socket',
  severity: 'info',
  needs: ['sockets', 'look'],
  skip: notReceiving,
  check: (c) => {
    const open = listeners(c).filter((s) => s.localAddress === '0.0.0.0' || s.localAddress === '::');
    const others = otherGroups(c).filter((f) => open.some((s) => s.localPort === f.destinationPort));
    const [socket] = open;
    if (socket === undefined || others.length === 0) return [];
    const groups = unique(others.map((f) => f.destination));
    return [
      {
        summary: `the socket of ${groupText(c)} is bound to any address and gets ${listing(groups.slice(0, 4))} too`,
        detail:
          'On Linux a socket that is bound to any address gets every group that anybody in its network namespace has joined, on its port (IP_MULTICAST_ALL is 1, ip(7)), also those that another program joined.',
        advice: `Bind to ${c.group.address}, or set IP_MULTICAST_ALL (IPV6_MULTICAST_ALL) to 0, where groups must not mix.`,
        evidence: [
          evidence(
            at(c),
            socket.family === 4 ? '/proc/net/udp' : '/proc/net/udp6',
            `bound to ${describeSocket(socket)}`,
          ),
          ...groups
            .slice(0, 3)
            .map((group) =>
              evidence(
                at(c, others[0]?.interface),
                'capture',
                `${group}: ${describeFlows(others.filter((f) => f.destination === group))}`,
              ),
            ),
        ],
        fixes: [],
      },
    ];
  },
};
export default rule;

/** Datagrams of other groups that are joined in the namespace, on the interface that they came by. */
function otherGroups(c: Case): Flow[] {
  const observation = valueIn(c.target.observation);
  const flows = observation === undefined ? [] : (valueIn(observation.look)?.flows ?? []);
  return flows.filter(
    (f) =>
      f.direction === 'in' &&
      f.protocol === 17 &&
      f.destination !== c.group.address &&
      isMulticast(f.destination) &&
      !isHousekeeping(f.destination) &&
      c.ns.memberships.some((m) => m.group === f.destination && m.interface === f.interface),
  );
}
