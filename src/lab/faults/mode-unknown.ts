import { type Fault, withConfig } from '../fault.ts';

const fault: Fault = {
  title: 'The attachment asks for a macvlan mode that there is not',
  rules: ['nad-value-refused'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withConfig(scene, (config) => ({ ...config, mode: 'l2' })),
};
export default fault;
