import type { Fault } from '../fault.ts';
import { STREAM } from '../scene.ts';

const fault: Fault = {
  title: 'The stream is sent to another port than the one that was agreed on',
  rules: ['port-mismatch'],
  heals: 'advice',
  scene: (scene) => ({ ...scene, stream: { ...STREAM, port: STREAM.port + 1 } }),
};
export default fault;
