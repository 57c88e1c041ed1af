import { type Fault, withReceiver, withVariables } from '../fault.ts';

const fault: Fault = {
  title: 'The application joins on the right interface, and ties its socket to the other one',
  rules: ['socket-refuses-group'],
  heals: 'advice',
  cure: [withVariables('DEVICE-')],
  scene: (scene) => withReceiver(scene, { device: 'eth0' }),
};
export default fault;
