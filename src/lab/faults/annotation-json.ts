import { type Fault, withReceiver, withRoutes } from '../fault.ts';

const fault: Fault = {
  title: 'Nothing routes the group to the secondary interface; the annotation is written as JSON',
  rules: ['joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) => withReceiver(withRoutes(scene, []), { networks: '[{"name": "camera-lan", "interface": "feed0"}]' }),
};
export default fault;
