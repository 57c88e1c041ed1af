import { type Fault, withRoutes } from '../fault.ts';
import { STREAM } from '../scene.ts';

const fault: Fault = {
  title: 'The route to the group is written without a prefix length',
  rules: ['nad-route-without-prefix'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withRoutes(scene, [{ dst: STREAM.group }]),
};
export default fault;
