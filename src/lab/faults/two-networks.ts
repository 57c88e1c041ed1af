import { type Fault, withReceiver, withRoutes } from '../fault.ts';

const OFFICE = {
  name: 'office',
  config: {
    cniVersion: '0.3.1',
    name: 'office',
    type: 'macvlan',
    master: 'eth0',
    mode: 'bridge',
    ipam: { type: 'host-local', ranges: [[{ subnet: '192.168.77.0/24' }]] },
  },
};

const fault: Fault = {
  title: 'The pod has two secondary networks, and nothing routes the group to the one with the stream',
  rules: ['joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) => {
    const changed = withRoutes(scene, []);
    return withReceiver(
      { ...changed, attachments: [OFFICE, ...changed.attachments] },
      { networks: 'office,camera-lan' },
    );
  },
};
export default fault;
