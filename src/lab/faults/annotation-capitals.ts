import { type Fault, withReceiver } from '../fault.ts';

const fault: Fault = {
  title: 'The annotation writes the attachment’s name with capitals',
  rules: ['annotation-invalid'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withReceiver(scene, { networks: 'video/Camera-LAN@feed0' }),
};
export default fault;
