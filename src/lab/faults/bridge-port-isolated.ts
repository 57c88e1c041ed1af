import type { Fault } from '../fault.ts';
import { onBridge, pluggedIn, UNPLUGGED } from '../on-bridge.ts';

const fault: Fault = {
  title: 'The bridge that the pod hangs on isolates its ports from each other',
  rules: ['bridge-port-closed'],
  heals: 'plan',
  scene: onBridge,
  after: [pluggedIn('bridge link set dev eth1 isolated on; bridge link set dev $POD isolated on')],
  undo: UNPLUGGED,
};
export default fault;
