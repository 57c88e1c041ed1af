import { type Fault, withConfig } from '../fault.ts';
import { attachedPod } from '../scene.ts';

const fault: Fault = {
  title: 'The attachment’s range has no address left',
  rules: ['ipam-exhausted'],
  heals: 'plan',
  runs: false,
  scene: (scene) => ({
    ...withConfig(scene, (config) => ({
      ...config,
      name: 'narrow',
      ipam: {
        ...(config.ipam as object),
        ranges: [[{ subnet: '192.168.50.0/24', rangeStart: '192.168.50.100', rangeEnd: '192.168.50.100' }]],
      },
    })),
    objects: [attachedPod('other', 'node1')],
  }),
};
export default fault;
