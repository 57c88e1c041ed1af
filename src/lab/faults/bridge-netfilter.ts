import type { Fault } from '../fault.ts';
import { onBridge, pluggedIn, UNPLUGGED } from '../on-bridge.ts';

const fault: Fault = {
  title: 'The node sends bridged frames through FORWARD, whose policy is to drop',
  rules: ['bridge-netfilter-drops'],
  heals: 'plan',
  scene: onBridge,
  after: [pluggedIn('sysctl -qw net.bridge.bridge-nf-call-iptables=1; iptables -P FORWARD DROP')],
  undo: [
    { on: 'node1', argv: ['iptables', '-P', 'FORWARD', 'ACCEPT'] },
    { on: 'node1', argv: ['iptables', '-F', 'FORWARD'] },
    ...UNPLUGGED,
  ],
};
export default fault;
