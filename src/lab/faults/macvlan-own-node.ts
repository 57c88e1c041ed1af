import type { Fault } from '../fault.ts';
import { STREAM, senderPod } from '../scene.ts';

const fault: Fault = {
  title: 'The sender is the receiver’s own node, whose NIC a macvlan never hears',
  rules: ['macvlan-own-node'],
  heals: 'advice',
  needs: { nodes: 2 },
  cure: [
    'kubectl -n video get pod camera -o yaml | sed "s/nodeName: node1/nodeName: node2/; s/192.168.50.11/192.168.50.12/" | kubectl replace --force -f -',
  ],
  scene: ({ stream: _, ...scene }) => ({
    ...scene,
    objects: [senderPod('camera', 'node1', { ...STREAM, source: '192.168.50.11' }, { hostNetwork: true })],
  }),
};
export default fault;
