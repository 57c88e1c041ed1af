import { valueIn } from '../../model/fact.ts';
import type { UdpSocket } from '../../model/netns.ts';
import type { Case } from '../case.ts';
import { moved, movedByFamily, movementOf } from '../moved.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText, listing } from '../say.ts';
import { notReceiving } from '../skips.ts';
import { bindsGroup, candidateSockets, describeSocket, isConnected, listeners } from '../sockets.ts';
import { describeFlows, packetsOf } from '../traffic.ts';

/** Fewer datagrams prove nothing. */
const ENOUGH = 3;

const rule: Rule = {
  id: 'socket-refuses-group',
  title: 'A socket of the application takes what comes to its port',
  stage: 'socket',
  severity: 'error',
  needs: ['sockets', 'movement', 'look'],
  skip: (c) => notReceiving(c) ?? (c.memberships.length === 0 ? 'the target is no member' : undefined),
  check: (c) => {
    const arrived = packetsOf(c.arrivals.filter((f) => onPort(c, f.destinationPort)));
    const read = movedByFamily(c, 'delivered');
    const sockets = waiting(c);
    const [socket] = sockets;
    if (arrived < ENOUGH || read === undefined || read > 0 || socket === undefined) return [];
    const filtered = droppedBySocket(c, sockets);
    const ignored = moved(c, c.group.family === 4 ? 'Udp.IgnoredMulti' : 'Udp6.Udp6IgnoredMulti') ?? 0;
    if (filtered === 0 && ignored < arrived / 2) return [];
    const reasons =
      filtered > 0 ? ['a filter is attached to it (SO_ATTACH_FILTER, SO_ATTACH_BPF)'] : reasonsOf(c, socket);
    return [
      {
        summary: `the socket of ${groupText(c)} refuses what comes: ${listing(sockets.slice(0, 2).map(describeSocket))}`,
        detail: `The datagrams pass the interface, the routing decision and the packet filter, and their port is the socket’s, but ${filtered > 0 ? 'the socket drops them itself' : 'the kernel finds no socket that wants them'}. /proc does not show why; it may be that ${reasons.join('; that ')}.`,
        advice: `Look at the options that the application sets on that socket: ${reasons.join('; ')}.`,
        evidence: [
          evidence(
            at(c),
            socket.family === 4 ? '/proc/net/udp' : '/proc/net/udp6',
            `bound to ${describeSocket(socket)}${isConnected(socket) ? `, connected to ${socket.remoteAddress}:${socket.remotePort}` : ''}`,
          ),
          evidence(at(c, c.arrivals[0]?.interface), 'capture', describeFlows(c.arrivals)),
          evidence(
            at(c),
            c.group.family === 4 ? '/proc/net/snmp' : '/proc/net/snmp6',
            filtered > 0
              ? `the socket dropped ${filtered}, none for want of room; datagrams read: 0`
              : `IgnoredMulti rose by ${ignored}; datagrams read: 0`,
          ),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title: `Let the socket of ${groupText(c)} take the group: ${reasons.join('; ')}`,
          },
        ],
      },
    ];
  },
};
export default rule;

function onPort(c: Case, port: number | undefined): boolean {
  return c.ports.length === 0 || port === undefined || c.ports.includes(port);
}

/** Sockets that seem right, and those that are bound rightly but connected to another peer. */
function waiting(c: Case): readonly UdpSocket[] {
  const right = listeners(c);
  if (right.length > 0) return right;
  return candidateSockets(c).filter((s) => bindsGroup(c, s) && onPort(c, s.localPort) && isConnected(s));
}

/** Drops of these sockets that neither a full buffer nor a bad checksum explains (net/ipv4/udp.c udp_queue_rcv_one_skb). */
function droppedBySocket(c: Case, sockets: readonly UdpSocket[]): number {
  const movement = movementOf(valueIn(c.target.observation));
  const drops = (movement === undefined ? [] : (valueIn(movement.sockets) ?? []))
    .filter((m) => sockets.some((s) => s.inode === m.inode))
    .reduce((sum, m) => sum + m.drops, 0);
  const explained = (['buffer', 'checksum'] as const).some((name) => movedByFamily(c, name) !== 0);
  return explained ? 0 : drops;
}

/** What keeps a socket that is bound to the port out of __udp4_lib_mcast_deliver (net/ipv4/udp.c __udp_is_mcast_sock). */
function reasonsOf(c: Case, socket: UdpSocket): string[] {
  if (isConnected(socket))
    return [`it is connected to ${socket.remoteAddress}:${socket.remotePort} and takes datagrams from there alone`];
  const name = c.arrivals[0]?.interface;
  return [
    ...(socket.family === 6 && c.group.family === 4 ? ['it is an IPv6 socket that takes no IPv4 (IPV6_V6ONLY)'] : []),
    `it is tied to another interface than ${name} (SO_BINDTODEVICE)`,
    `another socket has joined, and this one takes only what it has joined itself (${c.group.family === 4 ? 'IP_MULTICAST_ALL' : 'IPV6_MULTICAST_ALL'} is 0)`,
  ];
}
