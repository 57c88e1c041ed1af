import type { Family, UdpSocket } from '../../model/netns.ts';
import { decimal, hexadecimal, hostOrderAddress, rows } from './hex.ts';

/**
 * Reads /proc/net/udp and udp6 (udp4_format_sock in net/ipv4/udp.c, __ip6_dgram_sock_seq_show in net/ipv6/datagram.c):
 *
 *     12783: 030201EF:138F 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 40085 2 000000000d5ac7fc 0
 *     sl     local         remote        st tx:rx queue       timer       retransmits uid timeout inode ref pointer      drops
 */
export function parseUdp(text: string, family: Family): UdpSocket[] {
  return rows(text).flatMap((fields) => socket(fields, family) ?? []);
}

function socket(
  [, local = '', remote = '', , queues = '', , , user, , node, , , dropped]: readonly string[],
  family: Family,
): UdpSocket | undefined {
  const here = endpoint(local);
  const there = endpoint(remote);
  const receiveQueue = hexadecimal(queues.split(':')[1]);
  const uid = decimal(user);
  const inode = decimal(node);
  if (
    here === undefined ||
    there === undefined ||
    receiveQueue === undefined ||
    uid === undefined ||
    inode === undefined
  )
    return undefined;
  return {
    family,
    localAddress: here.address,
    localPort: here.port,
    remoteAddress: there.address,
    remotePort: there.port,
    uid,
    inode,
    receiveQueue,
    // Not printed before Linux 2.6.27.
    drops: decimal(dropped) ?? 0,
  };
}

function endpoint(text: string): { address: string; port: number } | undefined {
  const [hex = '', portHex] = text.split(':');
  const address = hostOrderAddress(hex);
  const port = hexadecimal(portHex);
  return address === undefined || port === undefined ? undefined : { address, port };
}
