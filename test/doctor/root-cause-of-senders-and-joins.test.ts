import { expect, test } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { known } from '../../src/model/fact.ts';
import { asksForIpv6, onHostNetwork, onPodNetworkAlone, sends, silence } from './roles.ts';
import { type Draft, flow, nadConfig, route, snapshot } from './snapshot.ts';

/** Nothing is seen anywhere, also not with a join. */
function dead(d: Draft): void {
  silence(d);
  d.node.joinFlows = [];
}

const member = (d: Draft, change: object) => {
  d.rx.netns.memberships = d.rx.netns.memberships.map((m) => ({ ...m, ...change }));
};

const cases: Record<string, (d: Draft) => void> = {
  'no-traffic': dead,
  'link-local-scope': (d) => {
    d.group = '224.0.0.251:5353';
    d.source = '172.31.9.9';
    member(d, { group: '224.0.0.251' });
    dead(d);
  },
  'ssm-without-source': (d) => {
    d.group = '232.1.1.1:6000';
    member(d, { group: '232.1.1.1' });
    dead(d);
  },
  'no-group-route': (d) => {
    d.rx.netns.routes = d.rx.netns.routes.filter((r) => r.protocol === 'kernel');
    d.rx.netns.memberships = [];
    dead(d);
  },
  'group-route-via-gateway': (d) => {
    d.rx.netns.routes = [
      ...d.rx.netns.routes.filter((r) => r.destination !== '239.10.20.30/32'),
      route('224.0.0.0/4', 'net1', { gateway: '10.50.0.1' }),
    ];
    sends(d, { destinationMac: '02:00:00:00:50:01' });
  },
  'sender-wrong-interface': (d) => {
    d.rx.netns.routes = d.rx.netns.routes.filter((r) => r.destination !== '239.10.20.30/32');
    sends(d, { interface: 'eth0', source: '10.244.1.7' });
  },
  'ttl-too-small': (d) => {
    onPodNetworkAlone(d);
    d.cluster.podNetwork.name = 'ovn-kubernetes';
    d.cluster.namespaces = { video: { 'k8s.ovn.org/multicast-enabled': 'true' } };
    d.cluster.nodes.push({ ...d.cluster.nodes[0]!, name: 'node2' });
    sends(d, { interface: 'eth0', source: '10.244.1.7', ttl: 1 });
  },
  'pod-network-no-multicast': (d) => {
    onPodNetworkAlone(d);
    d.node.joinFlows = [];
  },
  'pod-network-multicast-off': (d) => {
    onPodNetworkAlone(d);
    d.cluster.podNetwork.name = 'cilium';
  },
  'pod-network-group-missing': (d) => {
    onPodNetworkAlone(d);
    const agent = { pod: 'cilium-1', namespace: 'kube-system', groups: known([]), subscribers: known([]) };
    d.cluster.podNetwork.name = 'cilium';
    d.cluster.podNetwork.version = '1.18.2';
    d.cluster.podNetwork.settings = { 'multicast-enabled': 'true' };
    d.cluster.podNetwork.groups = known([{ ...agent, node: 'node1' }]);
  },
  'pod-network-defect': (d) => {
    onPodNetworkAlone(d);
    d.cluster.podNetwork.name = 'antrea';
    d.cluster.podNetwork.version = '1.4.0';
    d.cluster.podNetwork.settings = { 'antrea-agent.conf': 'multicast:\n  enable: true\n' };
  },
  'cloud-network-no-multicast': (d) => {
    d.cluster.nodes[0] = { ...d.cluster.nodes[0]!, providerID: 'gce://p/z/node1' };
    dead(d);
  },
  'snooping-without-querier': (d) => {
    dead(d);
    d.node.joinFlows = [flow({ interface: 'eth1' })];
  },
  'multicast-routing-missing': (d) => {
    onPodNetworkAlone(d);
    d.node.flows = [flow({ interface: 'eth1' })];
    const vif = { family: 4 as const, packetsIn: 0, packetsOut: 0 };
    d.node.netns.multicastRouting.vifs = [
      { ...vif, index: 0, interface: 'eth1' },
      { ...vif, index: 1, interface: 'cni0' },
    ];
  },
  'mtu-exceeded': (d) => {
    silence(d);
    d.node.flows = [flow({ interface: 'eth1', fragments: 10, largest: 1500 })];
    d.node.moved = { 'Ip.ReasmReqds': 10 };
  },
  'no-membership': (d) => {
    d.rx.netns.memberships = [];
    d.rx.moved = {};
  },
  'joined-on-wrong-interface': (d) => {
    d.cluster.attachments[0]!.config = nadConfig({}, { routes: [] });
    d.rx.netns.routes = d.rx.netns.routes.filter((r) => r.destination !== '239.10.20.30/32');
    member(d, { interface: 'eth0' });
    d.rx.flows = [];
    d.rx.moved = {};
  },
  'link-layer-only-membership': (d) => {
    d.rx.netns.memberships = [];
    d.rx.netns.linkGroups = [{ interface: 'net1', mac: '01:00:5e:0a:14:1e', users: 1, globalUsers: 1 }];
    d.rx.moved = {};
  },
  'membership-limit': (d) => {
    d.rx.netns.sysctls['net.ipv4.igmp_max_memberships'] = '20';
    d.rx.netns.memberships = Array.from({ length: 20 }, (_, i) => ({
      family: 4,
      interface: 'net1',
      group: `239.99.1.${i}`,
      users: 1,
    }));
    d.rx.moved = {};
  },
  'membership-stale': (d) => {
    d.rx.netns.links = d.rx.netns.links.map((l) => (l.name === 'net1' ? { ...l, mac: '02:ff:00:00:00:01' } : l));
    d.rx.netns.memberships = [];
    d.rx.flows = [];
    d.rx.moved = {};
  },
  'source-filter-mismatch': (d) => {
    d.rx.netns.sourceFilters = [
      { family: 4, interface: 'net1', group: '239.10.20.30', source: '10.50.0.99', include: 1, exclude: 0 },
    ];
    d.rx.moved = {};
  },
  'reverse-path-filter': (d) => {
    d.rx.flows = [flow({ source: '172.31.9.9' })];
    d.node.flows = [flow({ source: '172.31.9.9', interface: 'eth1' })];
    d.rx.moved = { 'TcpExt.IPReversePathFilter': 10 };
  },
  'port-mismatch': (d) => {
    d.rx.netns.sockets[0]!.localPort = 6001;
    d.rx.moved = { 'IpExt.InMcastPkts': 10 };
  },
  'receive-buffer-overflow': (d) => {
    d.rx.moved = { 'IpExt.InMcastPkts': 100, 'Udp.InDatagrams': 50, 'Udp.RcvbufErrors': 50 };
    d.rx.movedSockets = [{ family: 4, localAddress: '0.0.0.0', localPort: 6000, inode: 4711, drops: 50 }];
  },
  'checksum-errors': (d) => {
    d.rx.moved = { 'IpExt.InMcastPkts': 10, 'Udp.InCsumErrors': 10 };
  },
  'port-in-use': (d) => {
    onHostNetwork(d);
    d.rx.netns.memberships = [];
    d.pod.containers = [{ ...d.pod.containers[0]!, state: 'waiting', reason: 'CrashLoopBackOff', restarts: 5 }];
  },
  'ipv6-disabled': (d) => {
    asksForIpv6(d);
    d.rx.netns.sysctls['net.ipv6.conf.net1.disable_ipv6'] = '1';
    d.rx.netns.memberships = [];
    d.rx.flows = [];
    d.rx.moved = {};
  },
};

test.each(Object.entries(cases))('the root cause is %s', (rule, patch) => {
  const [diagnosis] = diagnose(snapshot(patch), rules);
  expect(diagnosis?.rootCause).toBe(rule);
  expect(diagnosis?.verdict).toBe('broken');
});
