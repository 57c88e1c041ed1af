import type { Fault } from '../fault.ts';
import { onBridge, pluggedIn, UNPLUGGED } from '../on-bridge.ts';

const fault: Fault = {
  title: 'The bridge that the pod hangs on floods no multicast to its port',
  rules: ['bridge-port-closed'],
  heals: 'plan',
  scene: onBridge,
  after: [pluggedIn('bridge link set dev $POD mcast_flood off')],
  undo: UNPLUGGED,
};
export default fault;
