import { type Fault, withConfig } from '../fault.ts';
import { attachedPod, STREAM } from '../scene.ts';

const fault: Fault = {
  title: 'Sender and receiver are on one node, and the macvlan mode keeps them apart',
  rules: ['macvlan-mode-isolates'],
  heals: 'plan',
  scene: ({ stream: _, ...scene }) => ({
    ...withConfig(scene, (config) => ({ ...config, mode: 'private' })),
    objects: [
      attachedPod('camera', 'node1', { group: STREAM.group, port: STREAM.port, rate: STREAM.rate, ttl: STREAM.ttl }),
    ],
  }),
};
export default fault;
