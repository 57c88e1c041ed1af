import { type Fault, withReceiver, withVariables } from '../fault.ts';

const fault: Fault = {
  title: 'The application joins on the loopback interface',
  rules: ['joined-on-wrong-interface'],
  heals: 'advice',
  cure: [withVariables('JOIN-')],
  scene: (scene) => withReceiver(scene, { join: 'lo' }),
};
export default fault;
