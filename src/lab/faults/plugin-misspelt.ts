import { type Fault, withConfig } from '../fault.ts';

const fault: Fault = {
  title: 'The attachment names a plugin that is not on the node',
  rules: ['nad-plugin-missing'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withConfig(scene, (config) => ({ ...config, type: 'mcvlan' })),
};
export default fault;
