import { type Fault, withReceiver } from '../fault.ts';

const fault: Fault = {
  title: 'The pod asks for a sysctl that its node does not permit',
  rules: ['sysctl-not-permitted'],
  heals: 'plan',
  runs: false,
  scene: (scene) =>
    withReceiver(scene, {
      spec: { securityContext: { sysctls: [{ name: 'net.ipv4.igmp_max_memberships', value: '50' }] } },
    }),
};
export default fault;
