import { type Fault, withReceiver, withVariables } from '../fault.ts';
import { STREAM } from '../scene.ts';

const fault: Fault = {
  title: 'The application listens on another port than the stream is sent to',
  rules: ['port-mismatch'],
  heals: 'advice',
  cure: [withVariables(`PORT=${STREAM.port}`)],
  scene: (scene) => withReceiver(scene, { port: STREAM.port + 1 }),
};
export default fault;
