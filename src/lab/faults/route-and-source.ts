import { type Fault, withRoutes, withSysctls } from '../fault.ts';
import { STREAM } from '../scene.ts';

/** An address that is not on the multicast LAN. */
const SOURCE = '10.9.9.9';

const fault: Fault = {
  title:
    'Neither the group nor the source, which is not on the LAN, has a route, and the reverse-path filter is strict',
  rules: ['joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) => ({
    ...withSysctls(withRoutes(scene, []), { 'net.ipv4.conf.all.rp_filter': '1' }),
    stream: { ...STREAM, source: SOURCE },
  }),
  before: [{ on: 'outside', argv: ['ip', 'address', 'replace', `${SOURCE}/32`, 'dev', 'eth1'] }],
  undo: [{ on: 'outside', argv: ['ip', 'address', 'del', `${SOURCE}/32`, 'dev', 'eth1'] }],
};
export default fault;
