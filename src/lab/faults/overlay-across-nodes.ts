import type { Fault } from '../fault.ts';
import { STREAM, senderPod } from '../scene.ts';

const fault: Fault = {
  title: 'Sender and receiver are on the overlay, on two nodes: it carries no multicast between them',
  rules: ['pod-network-no-multicast', 'no-secondary-network'],
  heals: 'advice',
  needs: { nodes: 2, podNetwork: 'overlay' },
  cure: [
    'kubectl -n video get pod camera -o yaml | sed "s/nodeName: node2/nodeName: node1/" | kubectl replace --force -f -',
  ],
  scene: ({ stream: _, ...scene }) => {
    const { networks: __, ...receiver } = scene.receiver;
    const { group, port, rate, ttl } = STREAM;
    return { ...scene, attachments: [], receiver, objects: [senderPod('camera', 'node2', { group, port, rate, ttl })] };
  },
};
export default fault;
