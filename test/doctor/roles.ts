/** Healthy cases other than the receiver with a secondary network, as changes of it. */
import { NETWORKS_ANNOTATION, STATUS_ANNOTATION } from '../../src/model/nad.ts';
import type { Flow } from '../../src/model/wire.ts';
import { type Draft, flow, route } from './snapshot.ts';

/** The pod sends to the group by net1 and is no member. */
export function sends(d: Draft, change: Partial<Flow> = {}): void {
  d.rx.netns.memberships = [];
  d.rx.netns.sockets = [];
  d.rx.flows = [flow({ direction: 'out', source: '10.50.0.21', sourceMac: '02:00:00:00:00:03', ...change })];
  d.rx.moved = { 'IpExt.OutMcastPkts': 10 };
  d.node.flows = [];
}

/** The pod has eth0 alone: it depends on the pod network, and is a member there; nothing arrives. */
export function onPodNetworkAlone(d: Draft): void {
  delete d.pod.annotations[NETWORKS_ANNOTATION];
  delete d.pod.annotations[STATUS_ANNOTATION];
  d.pod.status = null;
  d.rx.netns.links = d.rx.netns.links.filter((l) => l.name !== 'net1');
  d.rx.netns.addresses = d.rx.netns.addresses.filter((a) => a.interface !== 'net1');
  d.rx.netns.routes = d.rx.netns.routes.filter((r) => r.nextHops[0]?.interface !== 'net1');
  d.rx.netns.memberships = [{ family: 4, interface: 'eth0', group: '239.10.20.30', users: 1, querierVersion: 'V3' }];
  silence(d);
}

/** Nothing is seen, neither in the pod nor on the node. */
export function silence(d: Draft): void {
  d.rx.flows = [];
  d.rx.moved = {};
  d.node.flows = [];
}

/** The same with an IPv6 group: memberships, stream and the local table's routes, eth0's first. */
export function asksForIpv6(d: Draft): void {
  d.group = '[ff15::1234]:6000';
  d.rx.netns.memberships = [{ family: 6, interface: 'net1', group: 'ff15::1234', users: 1 }];
  d.rx.netns.sockets = d.rx.netns.sockets.map((s) => ({ ...s, family: 6, localAddress: '::', remoteAddress: '::' }));
  d.rx.netns.routes.push(
    ...['eth0', 'net1'].map((name) => ({
      ...route('ff00::/8', name),
      table: 255,
      type: 'multicast' as const,
      metric: 256,
    })),
  );
  const six = { family: 6 as const, source: 'fe80::9', destination: 'ff15::1234', destinationMac: '33:33:00:00:12:34' };
  d.rx.flows = [flow(six)];
  d.rx.moved = { 'Ip6.Ip6InMcastPkts': 10, 'Udp6.Udp6InDatagrams': 10 };
  d.node.flows = [flow({ ...six, interface: 'eth1' })];
}

/** The target shares its node's namespace: a hostNetwork pod that is a member on eth1. */
export function onHostNetwork(d: Draft): void {
  delete d.pod.annotations[NETWORKS_ANNOTATION];
  delete d.pod.annotations[STATUS_ANNOTATION];
  d.pod.status = null;
  d.pod.hostNetwork = true;
  d.pod.podIPs = ['192.0.2.11'];
  d.rx.netns.links = d.node.netns.links;
  d.rx.netns.addresses = d.node.netns.addresses;
  d.rx.netns.routes = d.node.netns.routes;
  d.rx.netns.memberships = [{ family: 4, interface: 'eth1', group: '239.10.20.30', users: 1, querierVersion: 'V3' }];
  d.rx.flows = [flow({ interface: 'eth1' })];
}
