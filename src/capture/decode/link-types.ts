/** Link types of capture files (tcpdump.org/linktypes.html), and which one an interface's frames have. */

export const NULL = 0;
export const ETHERNET = 1;
export const RAW_BSD = 12;
export const RAW_OPENBSD = 14;
export const RAW = 101;
export const LOOP = 108;
export const LINUX_SLL = 113;
export const IPV4_ONLY = 228;
export const IPV6_ONLY = 229;
export const LINUX_SLL2 = 276;

/** Link type of what an AF_PACKET socket gives for an interface with this ARPHRD_* (linux/if_arp.h): tunnels have no link-layer header. */
export function linkTypeOfHardware(hardware: number): number {
  return hardware === ARPHRD_ETHER || hardware === ARPHRD_LOOPBACK ? ETHERNET : RAW;
}

const ARPHRD_ETHER = 1;
const ARPHRD_LOOPBACK = 772;
