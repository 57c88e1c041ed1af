import { type Fault, withReceiver } from '../fault.ts';

const fault: Fault = {
  title: 'The annotation names the attachment twice, once with a slip',
  rules: ['nad-not-found'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withReceiver(scene, { networks: 'camera-lan,camera-lna' }),
};
export default fault;
