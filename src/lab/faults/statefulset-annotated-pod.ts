import { type Fault, withReceiver } from '../fault.ts';
import { ATTACHMENT } from '../scene.ts';

const fault: Fault = {
  title: 'The annotation was put on the StatefulSet’s pod, and not into its template',
  rules: ['network-not-attached'],
  heals: 'plan',
  sends: true,
  target: 'statefulset/rx',
  scene: ({ receiver: { networks: _, ...receiver }, ...scene }) => ({
    ...scene,
    receiver: { ...receiver, workload: 'StatefulSet' },
  }),
  later: (scene) => withReceiver(scene, { networks: ATTACHMENT }),
};
export default fault;
