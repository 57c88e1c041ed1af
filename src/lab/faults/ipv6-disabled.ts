import { type Fault, STREAM6, withReceiver, withSysctls } from '../fault.ts';

const fault: Fault = {
  title: 'IPv6 is off on the secondary interface',
  rules: ['ipv6-disabled'],
  heals: 'plan',
  group: `[${STREAM6.group}]:${STREAM6.port}`,
  scene: (scene) => ({
    ...withReceiver(withSysctls(scene, { 'net.ipv6.conf.net1.disable_ipv6': '1' }), {
      group: STREAM6.group,
      join: 'net1',
    }),
    stream: STREAM6,
  }),
};
export default fault;
