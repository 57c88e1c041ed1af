import { type Fault, withReceiver, withVariables } from '../fault.ts';

const fault: Fault = {
  title: 'The application itself names eth0 for its join',
  rules: ['joined-on-wrong-interface'],
  heals: 'advice',
  cure: [withVariables('JOIN-')],
  scene: (scene) => withReceiver(scene, { join: 'eth0' }),
};
export default fault;
