import { type Fault, withIpam } from '../fault.ts';

const fault: Fault = {
  title: 'The attachment gives a fixed address without a prefix length',
  rules: ['nad-value-refused'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => withIpam(scene, { type: 'static', ranges: undefined, addresses: [{ address: '192.168.50.177' }] }),
};
export default fault;
