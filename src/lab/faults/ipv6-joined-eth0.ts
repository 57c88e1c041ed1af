import { type Fault, STREAM6, withReceiver, withVariables } from '../fault.ts';

const fault: Fault = {
  title: 'The join of an IPv6 group names no interface, and the kernel chose eth0',
  rules: ['joined-on-wrong-interface', 'ipv6-default-interface'],
  heals: 'advice',
  cure: [withVariables('JOIN=net1')],
  group: `[${STREAM6.group}]:${STREAM6.port}`,
  scene: (scene) => ({ ...withReceiver(scene, { group: STREAM6.group }), stream: STREAM6 }),
};
export default fault;
