import { type Fault, withReceiver } from '../fault.ts';

const fault: Fault = {
  title: 'The annotation asks for an interface name that every pod has already',
  rules: ['annotation-invalid'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withReceiver(scene, { networks: 'camera-lan@eth0' }),
};
export default fault;
