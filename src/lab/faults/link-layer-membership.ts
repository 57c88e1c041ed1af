import { type Fault, withReceiver, withVariables } from '../fault.ts';

const fault: Fault = {
  title: '`ip maddr add` stands in for a join: the NIC takes the frames, IP is no member',
  rules: ['link-layer-only-membership', 'no-membership'],
  heals: 'advice',
  cure: [withVariables('JOIN-')],
  scene: (scene) => withReceiver(scene, { join: 'none' }),
  // 239.10.10.10 (RFC 1112 §6.4)
  after: [{ on: 'pod', argv: ['ip', 'maddr', 'add', '01:00:5e:0a:0a:0a', 'dev', 'net1'] }],
};
export default fault;
