import { type Fault, GROUP_PREFIX, withOffice } from '../fault.ts';

const fault: Fault = {
  title: 'The pod has two secondary networks, and the group is routed to the one without the stream',
  rules: ['joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) => withOffice(scene, [{ dst: GROUP_PREFIX }]),
};
export default fault;
