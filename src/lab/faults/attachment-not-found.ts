import { type Fault, withReceiver } from '../fault.ts';

const fault: Fault = {
  title: 'The annotation names an attachment that does not exist',
  rules: ['nad-not-found'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withReceiver(scene, { networks: 'camera-lna' }),
};
export default fault;
