import { type Fault, withReceiver, withVariables } from '../fault.ts';
import { STREAM } from '../scene.ts';

const fault: Fault = {
  title: 'The application blocks the source that sends',
  rules: ['source-filter-mismatch'],
  heals: 'advice',
  cure: [withVariables('BLOCK-')],
  scene: (scene) => withReceiver(scene, { block: STREAM.source }),
};
export default fault;
