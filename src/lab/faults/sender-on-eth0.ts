import { type Fault, withSender } from '../fault.ts';

const fault: Fault = {
  title: 'The sender is a pod, and its datagrams follow the default route into the pod network',
  rules: ['sender-wrong-interface'],
  heals: 'plan',
  target: 'pod/camera',
  scene: (scene) => withSender(scene, (ipam) => ({ ...ipam, routes: [] })),
};
export default fault;
