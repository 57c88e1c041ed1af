import { type Fault, withReceiver } from '../fault.ts';

const fault: Fault = {
  title: 'The annotation is JSON without its last bracket',
  rules: ['annotation-invalid'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withReceiver(scene, { networks: '[{"name": "camera-lan", "interface": "feed0"}' }),
};
export default fault;
