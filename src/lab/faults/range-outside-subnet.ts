import { type Fault, withIpam } from '../fault.ts';

const fault: Fault = {
  title: 'The pool of the attachment begins outside its subnet',
  rules: ['nad-value-refused'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withIpam(scene, { ranges: [[{ subnet: '192.168.50.0/24', rangeStart: '192.168.51.100' }]] }),
};
export default fault;
