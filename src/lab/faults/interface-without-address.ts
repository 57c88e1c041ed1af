import { type Fault, withConfig, withSysctls } from '../fault.ts';

const fault: Fault = {
  title: 'The secondary interface has no address, and the reverse-path filter wants a route',
  rules: ['interface-without-address', 'joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) =>
    withSysctls(
      withConfig(scene, ({ ipam: _, ...config }) => config),
      { 'net.ipv4.conf.all.rp_filter': '2' },
    ),
};
export default fault;
