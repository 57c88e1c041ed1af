import { type Fault, withConfig } from '../fault.ts';
import { STREAM } from '../scene.ts';

/** An address that is not on the multicast LAN. */
const SOURCE = '10.9.9.9';

const fault: Fault = {
  title: 'The source is not on the LAN, the pod has no route to it, and its reverse-path filter is strict',
  rules: ['reverse-path-filter'],
  heals: 'plan',
  sends: true,
  before: [{ on: 'outside', argv: ['ip', 'address', 'replace', `${SOURCE}/32`, 'dev', 'eth1'] }],
  undo: [{ on: 'outside', argv: ['ip', 'address', 'del', `${SOURCE}/32`, 'dev', 'eth1'] }],
  scene: (scene) => ({
    ...withConfig(scene, ({ cniVersion, name, ...plugin }) => ({
      cniVersion,
      name,
      plugins: [
        { ...plugin, ipam: { ...(plugin.ipam as object), routes: [{ dst: `${STREAM.group}/32` }] } },
        { type: 'tuning', sysctl: { 'net.ipv4.conf.all.rp_filter': '1' } },
      ],
    })),
    stream: { ...STREAM, source: SOURCE },
  }),
};
export default fault;
