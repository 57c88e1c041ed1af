import { type Fault, NO_NODE_ROUTES, NODE_ROUTE, onHostNetwork } from '../fault.ts';

const RULES = `add table ip guard; add chain ip guard early { type filter hook prerouting priority -300; };
add rule ip guard early iifname "eth1" ip daddr 224.0.0.0/4 udp dport 5000-5999 counter drop`;

const fault: Fault = {
  title: 'An nftables rule of the node, before connection tracking, drops the stream',
  rules: ['firewall-drops-multicast'],
  heals: 'plan',
  scene: onHostNetwork,
  before: [NODE_ROUTE],
  after: [{ on: 'node1', argv: ['nft', RULES] }],
  undo: [NO_NODE_ROUTES, { on: 'node1', argv: ['nft', 'delete', 'table', 'ip', 'guard'] }],
};
export default fault;
