import { type Fault, withReceiver, withVariables } from '../fault.ts';

const fault: Fault = {
  title: 'The application joins for a source that does not send',
  rules: ['source-filter-mismatch'],
  heals: 'advice',
  cure: [withVariables('SOURCE-')],
  scene: (scene) => withReceiver(scene, { source: '192.168.50.77' }),
};
export default fault;
