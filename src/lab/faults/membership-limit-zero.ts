import { type Fault, withReceiver, withSysctls } from '../fault.ts';

const fault: Fault = {
  title: 'The pod’s sockets may join no group at all',
  rules: ['membership-limit'],
  heals: 'plan',
  scene: (scene) =>
    withSysctls(withReceiver(scene, { also: ['239.10.10.11'] }), { 'net.ipv4.igmp_max_memberships': '0' }),
};
export default fault;
