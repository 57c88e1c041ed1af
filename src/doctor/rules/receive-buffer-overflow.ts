import { valueIn } from '../../model/fact.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { movedByFamily, movementOf } from '../moved.ts';
import type { Found, Rule } from '../rule.ts';
import { at, evidence, groupText } from '../say.ts';
import { notReceiving } from '../skips.ts';
import { describeSocket, listeners } from '../sockets.ts';
import { packetsOf } from '../traffic.ts';

/** A smaller share of the stream is a warning: somebody may live with it. */
const NOTICED = 0.01;
/** Bytes: what a socket may ask for afterwards. */
const ROOM = 16_777_216;

const rule: Rule = {
  id: 'receive-buffer-overflow',
  title: 'The socket’s receive buffer holds what comes',
  stage: 'socket',
  severity: 'error',
  needs: ['sockets', 'movement'],
  skip: notReceiving,
  check: (c) => {
    const observation = valueIn(c.target.observation);
    const movement = movementOf(observation);
    const full = (movement === undefined ? [] : (valueIn(movement.sockets) ?? [])).filter((m) =>
      listeners(c).some((s) => s.inode === m.inode),
    );
    const dropped = full.reduce((sum, m) => sum + m.drops, 0);
    if (c.memberships.length === 0) return [];
    if (dropped === 0) return unread(c);
    const buffer = movedByFamily(c, 'buffer');
    // The same column counts bad checksums and what a filter of the socket drops; then the buffer's own counter stands still.
    if (buffer === 0) return [];
    const read = movedByFamily(c, 'delivered') ?? 0;
    const came = Math.max(packetsOf(c.arrivals), read + dropped);
    const [socket] = listeners(c).filter((s) => full.some((m) => m.inode === s.inode));
    return [
      {
        severity: dropped / came >= NOTICED ? 'error' : 'warning',
        summary:
          read === 0
            ? `the application does not read: its socket dropped ${dropped} datagrams of ${groupText(c)}`
            : `the socket dropped ${dropped} of about ${came} datagrams: its receive buffer is full`,
        detail:
          read === 0
            ? 'The stream reaches the socket, and nobody takes it out: the process is stopped, blocked or busy elsewhere.'
            : 'The application reads more slowly than the stream comes, at least in bursts; what does not fit into the buffer is dropped by the kernel.',
        advice:
          read === 0
            ? 'Look at the application: it holds the socket open without reading.'
            : `Let the application ask for a larger buffer (SO_RCVBUF) and raise net.core.rmem_max on the node, which caps it; or read faster.`,
        evidence: [
          evidence(
            at(c),
            socket?.family === 6 ? '/proc/net/udp6' : '/proc/net/udp',
            `drops of ${socket === undefined ? 'the socket' : describeSocket(socket)} rose by ${dropped} during the look${socket === undefined || socket.receiveQueue === 0 ? '' : `, ${socket.receiveQueue} bytes waiting`}`,
          ),
          evidence(
            at(c),
            c.group.family === 4 ? '/proc/net/snmp' : '/proc/net/snmp6',
            `RcvbufErrors rose by ${buffer ?? 'unknown'}, InDatagrams by ${read}`,
          ),
        ],
        fixes: read === 0 ? [wakeUp(c)] : largerBuffer(c),
      },
    ];
  },
};
export default rule;

/** Nothing is dropped yet: what comes fills the buffer, and nobody takes it out. */
function unread(c: Case): Found[] {
  const waiting = listeners(c).filter((s) => s.receiveQueue > 0);
  const [socket] = waiting;
  if (socket === undefined || packetsOf(c.arrivals) < 3 || movedByFamily(c, 'delivered') !== 0) return [];
  return [
    {
      summary: `the application does not read: ${socket.receiveQueue} bytes of ${groupText(c)} wait in its socket`,
      detail:
        'The stream reaches the socket, and nobody takes it out: the process is stopped, blocked or busy elsewhere. Once the buffer is full the kernel drops what comes.',
      advice: 'Look at the application: it holds the socket open without reading.',
      evidence: [
        evidence(
          at(c),
          socket.family === 6 ? '/proc/net/udp6' : '/proc/net/udp',
          `${socket.receiveQueue} bytes wait in ${describeSocket(socket)}`,
        ),
        evidence(at(c), c.group.family === 4 ? '/proc/net/snmp' : '/proc/net/snmp6', 'InDatagrams rose by 0'),
      ],
      fixes: [wakeUp(c)],
    },
  ];
}

function wakeUp(c: Case): Fix {
  const title = `Find out why the application does not read the socket of ${groupText(c)}`;
  return { kind: 'advice', on: 'application', title };
}

function largerBuffer(c: Case): Fix[] {
  const old = c.nodeNs.sysctls['net.core.rmem_max'] ?? c.ns.sysctls['net.core.rmem_max'];
  const ask: Fix = {
    kind: 'advice',
    on: 'application',
    title: `Set SO_RCVBUF of the receiving socket (for 10 ms at 1 Gbit/s: 1.25 MB and more), or read faster`,
  };
  if (c.target.node === undefined || Number(old) >= ROOM) return [ask];
  return [
    {
      kind: 'node',
      node: c.target.node,
      title: 'Let sockets have larger receive buffers (until the node restarts; make it last in /etc/sysctl.d)',
      run: `sysctl -w net.core.rmem_max=${ROOM}`,
      ...(old === undefined ? {} : { undo: `sysctl -w net.core.rmem_max=${old}` }),
    },
    ask,
  ];
}
