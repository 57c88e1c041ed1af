import { type Fault, withReceiver, withVariables } from '../fault.ts';

const fault: Fault = {
  title: 'The application is stuck, and its buffer fills',
  rules: ['receive-buffer-overflow'],
  heals: 'advice',
  cure: [withVariables('DELAY-')],
  scene: (scene) => withReceiver(scene, { delay: 3600 }),
};
export default fault;
