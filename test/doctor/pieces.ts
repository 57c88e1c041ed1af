/** Pieces of snapshots for tests: interfaces, addresses, routes, streams, attachments; each may be changed. */
import type { Address, Link, Route } from '../../src/model/netns.ts';
import type { Flow } from '../../src/model/wire.ts';

/** A datagram stream of the group as the receiver's net1 sees it, changed. */
export function flow(change: Partial<Flow> = {}): Flow {
  return {
    interface: 'net1',
    direction: 'in',
    family: 4,
    source: '10.50.0.9',
    destination: '239.10.20.30',
    protocol: 17,
    sourcePort: 40000,
    destinationPort: 6000,
    ttl: 8,
    sourceMac: '02:00:00:00:50:09',
    destinationMac: '01:00:5e:0a:14:1e',
    packets: 10,
    bytes: 2000,
    largest: 200,
    fragments: 0,
    first: 20,
    last: 900,
    ...change,
  };
}

/** An interface, changed. */
export function link(name: string, index: number, change: Partial<Link> = {}): Link {
  return {
    index,
    name,
    flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
    mtu: 1500,
    mac: `02:00:00:00:00:${index.toString(16).padStart(2, '0')}`,
    operstate: 'up',
    stats: { rxPackets: 100, txPackets: 10, rxDropped: 0, rxErrors: 0, txDropped: 0, txErrors: 0, multicast: 90 },
    ...change,
  };
}
/** A route of the main table. */
export function route(
  destination: string,
  name: string,
  more: { readonly gateway?: string; readonly protocol?: string } = {},
): Route {
  const { gateway, protocol = 'boot' } = more;
  return {
    family: destination.includes(':') ? 6 : 4,
    destination,
    table: 254,
    type: 'unicast',
    scope: gateway === undefined ? 'link' : 'universe',
    protocol,
    metric: 0,
    nextHops: [{ interface: name, ...(gateway === undefined ? {} : { gateway }) }],
  };
}

/** An address with its family and scope. */
export function address(name: string, text: string, prefixLength: number): Address {
  return { family: text.includes(':') ? 6 : 4, interface: name, address: text, prefixLength, scope: 'global' };
}

/** The configuration of the attachment `video/mcast`, changed. */
export function nadConfig(change: object = {}, ipam: object = {}): string {
  return JSON.stringify({
    cniVersion: '0.3.1',
    name: 'mcast',
    type: 'macvlan',
    master: 'eth1',
    mode: 'bridge',
    ipam: {
      type: 'host-local',
      subnet: '10.50.0.0/24',
      routes: [{ dst: '239.10.20.30/32', gw: '0.0.0.0' }],
      ...ipam,
    },
    ...change,
  });
}
