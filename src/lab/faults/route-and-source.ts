import { FAR_SOURCE_THERE, type Fault, fromFarSource, NO_FAR_SOURCE, withRoutes, withSysctls } from '../fault.ts';

const fault: Fault = {
  title:
    'Neither the group nor the source, which is not on the LAN, has a route, and the reverse-path filter is strict',
  rules: ['joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) => fromFarSource(withSysctls(withRoutes(scene, []), { 'net.ipv4.conf.all.rp_filter': '1' })),
  before: [FAR_SOURCE_THERE],
  undo: [NO_FAR_SOURCE],
};
export default fault;
