import type { Fault } from '../fault.ts';

const RULES = `add table netdev guard; add chain netdev guard entry { type filter hook ingress device eth1 priority 0; };
add rule netdev guard entry ip daddr 239.0.0.0/8 udp dport 5000-5999 counter drop`;

const fault: Fault = {
  title: 'A filter at ingress of the node’s NIC drops the stream before the pod’s interface gets it',
  rules: ['firewall-drops-multicast'],
  heals: 'plan',
  after: [{ on: 'node1', argv: ['nft', RULES] }],
  undo: [{ on: 'node1', argv: ['nft', 'delete', 'table', 'netdev', 'guard'] }],
};
export default fault;
