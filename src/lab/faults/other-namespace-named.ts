import { type Fault, withReceiver } from '../fault.ts';

const fault: Fault = {
  title: 'The annotation names the attachment in a namespace that there is not',
  rules: ['nad-not-found'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withReceiver(scene, { networks: 'cameras/camera-lan@feed0' }),
};
export default fault;
