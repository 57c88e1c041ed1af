import { type Fault, withReceiver, withRoutes } from '../fault.ts';

const fault: Fault = {
  title: 'Nothing routes the group to the secondary interface, which the annotation calls feed0',
  rules: ['joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) => withReceiver(withRoutes(scene, []), { networks: 'video/camera-lan@feed0' }),
};
export default fault;
