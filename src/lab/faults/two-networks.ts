import { type Fault, withOffice } from '../fault.ts';

const fault: Fault = {
  title: 'The pod has two secondary networks, and nothing routes the group to the one with the stream',
  rules: ['joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) => withOffice(scene),
};
export default fault;
