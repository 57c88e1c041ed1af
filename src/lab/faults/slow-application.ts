import { type Fault, withReceiver } from '../fault.ts';
import { STREAM } from '../scene.ts';

const fault: Fault = {
  title: 'The application is slower than the stream, and its buffer small',
  rules: ['receive-buffer-overflow'],
  heals: 'advice',
  scene: (scene) => ({ ...withReceiver(scene, { buffer: 1, delay: 2 }), stream: { ...STREAM, rate: 200 } }),
};
export default fault;
