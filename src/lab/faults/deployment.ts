import { type Fault, withReceiver, withRoutes } from '../fault.ts';

const fault: Fault = {
  title: 'Nothing routes the group to the secondary interface of a Deployment’s pods',
  rules: ['joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  target: 'deploy/rx',
  scene: (scene) => withReceiver(withRoutes(scene, []), { workload: 'Deployment' }),
};
export default fault;
