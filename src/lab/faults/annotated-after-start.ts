import type { Fault } from '../fault.ts';

const fault: Fault = {
  title: 'The annotation came after the pod’s creation, when nobody reads it any more',
  rules: ['network-not-attached'],
  heals: 'plan',
  sends: true,
  scene: (scene) => {
    const { networks: _, ...receiver } = scene.receiver;
    return { ...scene, receiver };
  },
  later: (scene) => scene,
};
export default fault;
