import { type Fault, withRoutes } from '../fault.ts';

const fault: Fault = {
  title: 'Nothing routes the group to the secondary interface: the join went out of eth0',
  rules: ['joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) => withRoutes(scene, []),
};
export default fault;
