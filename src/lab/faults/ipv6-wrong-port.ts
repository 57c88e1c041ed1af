import { type Fault, STREAM6, withReceiver, withVariables } from '../fault.ts';

const fault: Fault = {
  title: 'The application of an IPv6 group listens on another port',
  rules: ['port-mismatch'],
  heals: 'advice',
  cure: [withVariables(`PORT=${STREAM6.port}`)],
  group: `[${STREAM6.group}]:${STREAM6.port}`,
  scene: (scene) => ({
    ...withReceiver(scene, { group: STREAM6.group, join: 'net1', port: STREAM6.port + 1 }),
    stream: STREAM6,
  }),
};
export default fault;
