import { type Fault, GROUP_PREFIX, withReceiver, withRoutes } from '../fault.ts';

const OFFICE = {
  name: 'office',
  config: {
    cniVersion: '0.3.1',
    name: 'office',
    type: 'macvlan',
    master: 'eth0',
    mode: 'bridge',
    ipam: { type: 'host-local', ranges: [[{ subnet: '192.168.77.0/24' }]], routes: [{ dst: GROUP_PREFIX }] },
  },
};

const fault: Fault = {
  title: 'The pod has two secondary networks, and the group is routed to the one without the stream',
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
