import type { Fault } from '../fault.ts';
import { onBridge, pluggedIn, UNPLUGGED } from '../on-bridge.ts';

const fault: Fault = {
  title: 'The bridge that the pod hangs on is down',
  rules: ['parent-down'],
  heals: 'plan',
  scene: onBridge,
  after: [pluggedIn('ip link set cameras0 down')],
  undo: UNPLUGGED,
};
export default fault;
