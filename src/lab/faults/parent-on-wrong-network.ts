import { type Fault, withConfig } from '../fault.ts';

const fault: Fault = {
  title: 'The attachment’s parent is a NIC on which the stream is not',
  rules: ['nad-parent-wrong-network'],
  heals: 'plan',
  sends: true,
  scene: (scene) => withConfig(scene, (config) => ({ ...config, master: 'eth0' })),
};
export default fault;
