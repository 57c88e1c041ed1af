import type { Fault } from '../fault.ts';

const fault: Fault = {
  title: 'The pod has no interface on the LAN of the stream',
  rules: ['no-secondary-network', 'pod-network-no-multicast'],
  heals: 'plan',
  sends: true,
  scene: (scene) => {
    const { networks: _, ...receiver } = scene.receiver;
    return { ...scene, attachments: [], receiver };
  },
};
export default fault;
