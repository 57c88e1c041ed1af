import type { Fault } from '../fault.ts';

const fault: Fault = {
  title: 'Nobody sends',
  rules: ['no-traffic'],
  heals: 'advice',
  scene: ({ stream: _, ...scene }) => scene,
};
export default fault;
