import { type Fault, withRoutes } from '../fault.ts';

const fault: Fault = {
  title: 'The attachment was mended, and the pod not created anew',
  rules: ['routes-lost', 'joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) => withRoutes(scene, []),
  later: (scene) => scene,
};
export default fault;
