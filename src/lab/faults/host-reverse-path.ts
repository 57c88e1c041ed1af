import {
  FAR_SOURCE,
  FAR_SOURCE_THERE,
  type Fault,
  fromFarSource,
  NO_FAR_SOURCE,
  NO_NODE_ROUTES,
  NODE_ROUTE,
  onHostNetwork,
} from '../fault.ts';

const fault: Fault = {
  title: 'The source is not on the LAN, and the node’s reverse-path filter is strict on its NIC',
  rules: ['reverse-path-filter'],
  heals: 'plan',
  scene: (scene) => fromFarSource(onHostNetwork(scene)),
  before: [NODE_ROUTE, FAR_SOURCE_THERE, { on: 'node1', argv: ['sysctl', '-qw', 'net.ipv4.conf.eth1.rp_filter=1'] }],
  undo: [
    NO_NODE_ROUTES,
    NO_FAR_SOURCE,
    { on: 'node1', argv: ['sysctl', '-qw', 'net.ipv4.conf.eth1.rp_filter=0', 'net.ipv4.conf.all.rp_filter=0'] },
    { on: 'node1', argv: ['ip', 'route', 'del', FAR_SOURCE] },
  ],
};
export default fault;
