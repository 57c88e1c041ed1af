/** Joining groups by sockets of Node's, for as long as this process lives. */
import { createSocket, type Socket } from 'node:dgram';
import type { WantedJoin } from '../discover/group-query.ts';
import type { JoinOutcome, WatchedInterface } from './live.ts';

/** A socket has at most 20 memberships (net.ipv4.igmp_max_memberships). */
const EACH = 16;

/** Whether Node can join all groups on this interface: for IPv4 it names interfaces by their address. */
export function canJoin(joins: readonly WantedJoin[], { addresses }: WatchedInterface): boolean {
  return joins.every(({ group }) => group.includes(':') || addresses.some((address) => !address.includes(':')));
}

/** Joins every group on every interface that asks for it; the sockets stay open. Never rejects. */
export async function joinGroups(
  joins: readonly WantedJoin[],
  interfaces: readonly WatchedInterface[],
): Promise<JoinOutcome[]> {
  const outcomes: JoinOutcome[] = [];
  for (const iface of interfaces.filter(({ join }) => join)) {
    for (const family of ['udp4', 'udp6'] as const) {
      const wanted = joins.filter(({ group }) => group.includes(':') === (family === 'udp6'));
      for (let at = 0; at < wanted.length; at += EACH) {
        const socket = await openSocket(family);
        for (const join of wanted.slice(at, at + EACH)) outcomes.push(joinOne(socket, join, iface));
      }
    }
  }
  return outcomes;
}

/** Bound to a port of the kernel's choice, so that no datagram of the groups waits in it. */
function openSocket(family: 'udp4' | 'udp6'): Promise<Socket | Error> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: family, ...(family === 'udp6' ? { ipv6Only: true } : {}) });
    socket.once('error', resolve);
    socket.unref();
    socket.bind(0, () => resolve(socket));
  });
}

function joinOne(socket: Socket | Error, join: WantedJoin, { name, addresses }: WatchedInterface): JoinOutcome {
  const outcome = { ...join, interface: name };
  if (socket instanceof Error) return { ...outcome, error: socket.message };
  const isV6 = join.group.includes(':');
  const address = isV6 ? `::%${name}` : addresses.find((a) => !a.includes(':'))?.split('/')[0];
  if (address === undefined) return { ...outcome, error: 'the interface has no IPv4 address' };
  try {
    if (join.source === undefined) socket.addMembership(join.group, address);
    else socket.addSourceSpecificMembership(join.source, join.group, address);
    return outcome;
  } catch (error) {
    return { ...outcome, error: error instanceof Error ? error.message : String(error) };
  }
}
