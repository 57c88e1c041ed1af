import { type Fault, NO_NODE_FIREWALL, onHostNetwork, STREAM6, withReceiver } from '../fault.ts';

const fault: Fault = {
  title: 'The node’s firewall drops IPv6 multicast',
  rules: ['firewall-drops-multicast'],
  heals: 'plan',
  group: `[${STREAM6.group}]:${STREAM6.port}`,
  scene: (scene) => ({
    ...withReceiver(onHostNetwork(scene), { group: STREAM6.group, join: 'eth1' }),
    stream: STREAM6,
  }),
  after: [{ on: 'node1', argv: 'ip6tables -I INPUT -i eth1 -d ff00::/8 -p udp -j DROP'.split(' ') }],
  undo: NO_NODE_FIREWALL,
};
export default fault;
