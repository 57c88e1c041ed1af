import type { Fault } from '../fault.ts';
import { onBridge, pluggedIn, UNPLUGGED } from '../on-bridge.ts';

const RULES = `add table bridge guard; add chain bridge guard between { type filter hook forward priority 0; };
add rule bridge guard between ip daddr 224.0.0.0/4 udp dport 5000-5999 counter drop`;

const fault: Fault = {
  title: 'The node filters what passes its bridges',
  rules: ['firewall-drops-multicast'],
  heals: 'plan',
  scene: onBridge,
  after: [pluggedIn(`nft '${RULES}'`)],
  undo: [{ on: 'node1', argv: ['nft', 'delete', 'table', 'bridge', 'guard'] }, ...UNPLUGGED],
};
export default fault;
