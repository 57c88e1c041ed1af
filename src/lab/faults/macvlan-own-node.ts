import type { Fault } from '../fault.ts';
import { STREAM, senderPod } from '../scene.ts';

const fault: Fault = {
  title: 'The sender is the receiver’s own node, whose NIC a macvlan never hears',
  rules: ['macvlan-own-node'],
  heals: 'advice',
  scene: ({ stream: _, ...scene }) => ({
    ...scene,
    objects: [senderPod('camera', 'node1', { ...STREAM, source: '192.168.50.11' }, { hostNetwork: true })],
  }),
};
export default fault;
