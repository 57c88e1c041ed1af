import { type Fault, NO_NODE_FIREWALL, NO_NODE_ROUTES, NODE_ROUTE, onHostNetwork } from '../fault.ts';

const fault: Fault = {
  title: 'The node’s firewall drops the group',
  rules: ['firewall-drops-multicast'],
  heals: 'plan',
  scene: onHostNetwork,
  before: [NODE_ROUTE],
  after: [{ on: 'node1', argv: ['iptables', '-I', 'INPUT', '-i', 'eth1', '-d', '239.0.0.0/8', '-j', 'DROP'] }],
  undo: [NO_NODE_ROUTES, ...NO_NODE_FIREWALL],
};
export default fault;
