import { type Fault, withReceiver, withVariables } from '../fault.ts';
import { STREAM } from '../scene.ts';

const fault: Fault = {
  title: 'The application joins a neighbour of the group',
  rules: ['no-membership'],
  heals: 'advice',
  cure: [withVariables(`GROUP=${STREAM.group}`)],
  scene: (scene) => withReceiver(scene, { group: '239.10.10.11' }),
};
export default fault;
