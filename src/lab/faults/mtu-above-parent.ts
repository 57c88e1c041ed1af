import { type Fault, withConfig } from '../fault.ts';

const fault: Fault = {
  title: 'The attachment asks for jumbo frames on a NIC that has none',
  rules: ['nad-value-refused'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withConfig(scene, (config) => ({ ...config, mtu: 9000 })),
};
export default fault;
