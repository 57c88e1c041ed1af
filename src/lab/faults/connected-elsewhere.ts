import { type Fault, withReceiver, withVariables } from '../fault.ts';
import { STREAM } from '../scene.ts';

const fault: Fault = {
  title: 'The application connects its socket to a host that does not send',
  rules: ['socket-refuses-group'],
  heals: 'advice',
  cure: [withVariables('PEER-')],
  scene: (scene) => withReceiver(scene, { bind: STREAM.group, peer: '192.168.50.77' }),
};
export default fault;
