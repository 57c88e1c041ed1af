import { type Fault, withReceiver } from '../fault.ts';

const fault: Fault = {
  title: 'The application listens on the port, and joins nothing',
  rules: ['no-membership'],
  heals: 'advice',
  scene: (scene) => withReceiver(scene, { join: 'none' }),
};
export default fault;
