import { type Fault, withReceiver, withSysctls } from '../fault.ts';

const fault: Fault = {
  title: 'A socket may join two groups, and this one is its third',
  rules: ['membership-limit'],
  heals: 'plan',
  scene: (scene) =>
    withReceiver(withSysctls(scene, { 'net.ipv4.igmp_max_memberships': '2' }), {
      also: ['239.10.10.1', '239.10.10.2'],
    }),
};
export default fault;
