import { type Fault, withReceiver, withVariables } from '../fault.ts';

const fault: Fault = {
  title: 'The application listens on the port, and joins nothing',
  rules: ['no-membership'],
  heals: 'advice',
  cure: [withVariables('JOIN-')],
  scene: (scene) => withReceiver(scene, { join: 'none' }),
};
export default fault;
