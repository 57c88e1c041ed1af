import { type Fault, GROUP_PREFIX, withConfig, withOffice } from '../fault.ts';
import { ATTACHMENT } from '../scene.ts';

const ALL_GROUPS = { dst: '224.0.0.0/4', gw: '0.0.0.0' };

const fault: Fault = {
  title: 'Two attachments route the group, and the one without the stream does so more narrowly',
  rules: ['joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) =>
    withConfig(withOffice(scene, [{ dst: GROUP_PREFIX, gw: '0.0.0.0' }]), (config) =>
      config.name === ATTACHMENT ? { ...config, ipam: { ...(config.ipam as object), routes: [ALL_GROUPS] } } : config,
    ),
};
export default fault;
