import { type Fault, withConfig } from '../fault.ts';

const fault: Fault = {
  title: 'A chained plugin moves the attachment’s routes into a table that joins do not ask',
  rules: ['joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) =>
    withConfig(scene, ({ cniVersion, name, ...plugin }) => ({ cniVersion, name, plugins: [plugin, { type: 'sbr' }] })),
};
export default fault;
