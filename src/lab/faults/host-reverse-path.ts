import { type Fault, NO_NODE_ROUTES, NODE_ROUTE, onHostNetwork } from '../fault.ts';
import { STREAM } from '../scene.ts';

/** An address that is not on the multicast LAN. */
const SOURCE = '10.9.9.9';

const fault: Fault = {
  title: 'The source is not on the LAN, and the node’s reverse-path filter is strict on its NIC',
  rules: ['reverse-path-filter'],
  heals: 'plan',
  scene: (scene) => ({ ...onHostNetwork(scene), stream: { ...STREAM, source: SOURCE } }),
  before: [
    NODE_ROUTE,
    { on: 'outside', argv: ['ip', 'address', 'replace', `${SOURCE}/32`, 'dev', 'eth1'] },
    { on: 'node1', argv: ['sysctl', '-qw', 'net.ipv4.conf.eth1.rp_filter=1'] },
  ],
  undo: [
    NO_NODE_ROUTES,
    { on: 'outside', argv: ['ip', 'address', 'del', `${SOURCE}/32`, 'dev', 'eth1'] },
    { on: 'node1', argv: ['sysctl', '-qw', 'net.ipv4.conf.eth1.rp_filter=0', 'net.ipv4.conf.all.rp_filter=0'] },
    { on: 'node1', argv: ['ip', 'route', 'del', SOURCE] },
  ],
};
export default fault;
