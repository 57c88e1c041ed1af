/** The lab's address plan. Node n is .1n, so that an address tells whose it is. */
export const LAN = '192.168.40';
export const MULTICAST = '192.168.50';
export const MULTICAST6 = 'fd50::';
export const OUTSIDE = 50;

/** The last number of node n's addresses on both LANs; n counts from 1. */
export function nodeHost(n: number): number {
  return 10 + n;
}

/** Node n's part of the pods' addresses. */
export function nodePodCidr(n: number): string {
  return `10.44.${n}.0/24`;
}
