import { type Fault, withConfig } from '../fault.ts';

const fault: Fault = {
  title: 'The attachment’s parent is an interface that the node does not have',
  rules: ['nad-parent-missing'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withConfig(scene, (config) => ({ ...config, master: 'eth7' })),
};
export default fault;
