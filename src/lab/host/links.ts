/** Bridges, veths and addresses of the lab's two LANs, as input of `ip -batch`: one process a namespace. */
import { LAN, MULTICAST, MULTICAST6 } from './addresses.ts';

export interface Port {
  readonly name: string;
  readonly pid: number;
  /** Last number of its addresses. */
  readonly host: number;
}

/** In the namespace of the LANs: the bridges, and for each machine a veth to each, whose other end is the machine's eth0 or eth1. */
export function lanBatch(ports: readonly Port[]): string {
  const bridge = (name: string): string[] => [`link add ${name} type bridge`, `link set ${name} up`];
  const veth = (port: Port, link: string, name: string): string[] => [
    `link add ${port.name}-${link} type veth peer name ${link} netns ${port.pid}`,
    `link set ${port.name}-${link} master ${name} up`,
  ];
  return lines([
    'link set lo up',
    ...bridge('lan'),
    ...bridge('mcast'),
    `address add ${LAN}.1/24 dev lan`,
    // The machines' way out: where they look for the API server.
    'address add 10.96.0.1/32 dev lo',
    ...ports.flatMap((port) => [...veth(port, 'eth0', 'lan'), ...veth(port, 'eth1', 'mcast')]),
  ]);
}

/** In a machine's namespace: its addresses. @param ipv6 whether this kernel has it */
export function machineBatch(host: number, ipv6: boolean): string {
  return lines([
    'link set lo up',
    'link set eth0 up',
    'link set eth1 up',
    `address add ${LAN}.${host}/24 dev eth0`,
    `address add ${MULTICAST}.${host}/24 dev eth1`,
    ...(ipv6 ? [`address add ${MULTICAST6}${host}/64 dev eth1 nodad`] : []),
    `route add default via ${LAN}.1`,
  ]);
}

/** A shell program that sets what network namespaces inherit from the machine, then runs `ip -batch` on its input. */
export const NETWORK_SCRIPT = `
cd /proc/sys/net/ipv4
echo 1 > ip_forward
echo 0 > conf/all/rp_filter
echo 0 > conf/default/rp_filter
exec ip -batch -
`;

function lines(commands: readonly string[]): string {
  return `${commands.join('\n')}\n`;
}
