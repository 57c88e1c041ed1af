import { type Fault, STREAM6, withReceiver } from '../fault.ts';

const fault: Fault = {
  title: 'The application of an IPv6 group listens on another port',
  rules: ['port-mismatch'],
  heals: 'advice',
  group: `[${STREAM6.group}]:${STREAM6.port}`,
  scene: (scene) => ({
    ...withReceiver(scene, { group: STREAM6.group, join: 'net1', port: STREAM6.port + 1 }),
    stream: STREAM6,
  }),
};
export default fault;
