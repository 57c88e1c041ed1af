/** Which sockets of the target could take the group's datagrams (udp(7), ip(7) on binding). */
import type { UdpSocket } from '../model/netns.ts';
import type { Case } from './case.ts';

const ANY = ['0.0.0.0', '::'];

/** Sockets of the group's family, or IPv6 ones bound to any, which take IPv4 too (unless IPV6_V6ONLY, which /proc does not show). */
export function candidateSockets(c: Case): UdpSocket[] {
  return c.ns.sockets.filter(
    (s) =>
      s.family === c.group.family ||
      (c.group.family === 4 && s.family === 6 && (s.localAddress === '::' || s.localAddress.startsWith('::ffff:'))),
  );
}

/** Bound to any address or to the group itself. */
export function bindsGroup(c: Case, socket: UdpSocket): boolean {
  return ANY.includes(socket.localAddress) || bare(socket.localAddress) === c.group.address;
}

/** It takes datagrams of one peer alone (connect(2) on a datagram socket). */
export function isConnected({ remoteAddress }: UdpSocket): boolean {
  return !ANY.includes(remoteAddress);
}

/** Sockets that take the group on one of the ports; connected ones only for their peer. */
export function listeners(c: Case): UdpSocket[] {
  return candidateSockets(c).filter(
    (s) =>
      bindsGroup(c, s) &&
      (c.ports.length === 0 || c.ports.includes(s.localPort)) &&
      (!isConnected(s) || c.sources.length === 0 || c.sources.includes(bare(s.remoteAddress))),
  );
}

/** `0.0.0.0:5008 (python3, pid 17)`. */
export function describeSocket(socket: UdpSocket): string {
  const address = socket.family === 6 ? `[${socket.localAddress}]` : socket.localAddress;
  return `${address}:${socket.localPort}${socket.owner === undefined ? '' : ` (${socket.owner.command}, pid ${socket.owner.pid})`}`;
}

function bare(address: string): string {
  return address.replace(/^::ffff:/, '');
}
