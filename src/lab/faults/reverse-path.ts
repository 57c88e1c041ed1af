import {
  FAR_SOURCE_THERE,
  type Fault,
  fromFarSource,
  GROUP_PREFIX,
  NO_FAR_SOURCE,
  withRoutes,
  withSysctls,
} from '../fault.ts';

const fault: Fault = {
  title: 'The source is not on the LAN, the pod has no route to it, and its reverse-path filter is strict',
  rules: ['reverse-path-filter'],
  heals: 'plan',
  sends: true,
  before: [FAR_SOURCE_THERE],
  undo: [NO_FAR_SOURCE],
  scene: (scene) =>
    fromFarSource(withSysctls(withRoutes(scene, [{ dst: GROUP_PREFIX }]), { 'net.ipv4.conf.all.rp_filter': '1' })),
};
export default fault;
