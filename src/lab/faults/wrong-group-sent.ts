import type { Fault } from '../fault.ts';
import { STREAM } from '../scene.ts';

const fault: Fault = {
  title: 'The sender sends to another group',
  rules: ['no-traffic'],
  heals: 'advice',
  scene: (scene) => ({ ...scene, stream: { ...STREAM, group: '239.10.10.11' } }),
};
export default fault;
