import { type Fault, withIpam } from '../fault.ts';

const fault: Fault = {
  title: 'A route of the attachment leads to a gateway that is not on that network',
  rules: ['nad-value-refused'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withIpam(scene, { routes: [{ dst: '10.66.0.0/16', gw: '172.31.0.1' }] }),
};
export default fault;
