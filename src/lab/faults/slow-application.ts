import { type Fault, withReceiver, withVariables } from '../fault.ts';
import { STREAM } from '../scene.ts';

const fault: Fault = {
  title: 'The application is slower than the stream, and its buffer small',
  rules: ['receive-buffer-overflow'],
  heals: 'advice',
  cure: [withVariables('DELAY- BUFFER-')],
  scene: (scene) => ({ ...withReceiver(scene, { buffer: 1, delay: 2 }), stream: { ...STREAM, rate: 200 } }),
};
export default fault;
