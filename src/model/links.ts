/** What an interface is for, judged by its kind and place. */
import type { Address, Link } from './netns.ts';

/**
 * Whether the interface may carry a LAN of the node's: hardware, VLAN, bond, a bridge with such a port, or a veth that has
 * an address in a network (the NIC of a node that is itself a container). Pods' veths, bridge ports and tunnels are not: the
 * CNI plugin ptp gives each veth on the node the gateway's address alone (/32, /128).
 */
export function isUplink(link: Link, links: readonly Link[], addresses: readonly Address[]): boolean {
  if (link.flags.includes('LOOPBACK') || link.masterIndex !== undefined) return false;
  if (isHardware(link)) return true;
  if (link.kind === 'bridge') return links.some((port) => port.masterIndex === link.index && isHardware(port));
  return link.kind === 'veth' && addresses.some((a) => a.interface === link.name && isInNetwork(a));
}

function isInNetwork({ family, prefixLength, scope }: Address): boolean {
  return scope === 'global' && prefixLength < (family === 4 ? 32 : 128);
}

function isHardware(link: Link): boolean {
  return link.kind === undefined || ['vlan', 'bond', 'team'].includes(link.kind);
}

/** Whether the interface is up and has a carrier. */
export function isUp(link: Link): boolean {
  return (
    link.flags.includes('UP') &&
    !link.flags.includes('NO-CARRIER') &&
    !['down', 'lowerlayerdown'].includes(link.operstate)
  );
}

/** States of a bridge's port by number: BR_STATE_* (include/uapi/linux/if_bridge.h). */
export const PORT_STATES: readonly string[] = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];
