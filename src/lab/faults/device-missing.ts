import { type Fault, healthyAttachment, withConfig } from '../fault.ts';

const fault: Fault = {
  title: 'The attachment moves a device of the node into the pod that the node does not have',
  rules: ['nad-parent-missing'],
  heals: 'advice',
  cure: healthyAttachment(),
  scene: (scene) =>
    withConfig(scene, ({ master: _, mode: __, ...config }) => ({ ...config, type: 'host-device', device: 'eth7' })),
  runs: false,
};
export default fault;
