import { type Fault, healthyAttachment, withConfig } from '../fault.ts';

const fault: Fault = {
  title: 'The attachment is a link to the node alone, which routes no multicast',
  rules: ['nad-parent-wrong-network'],
  heals: 'advice',
  cure: healthyAttachment(),
  scene: (scene) =>
    withConfig(scene, ({ master: _, mode: __, ipam, ...config }) => ({
      ...config,
      type: 'ptp',
      ipam: { ...(ipam as object), ranges: [[{ subnet: '192.168.88.0/24' }]] },
    })),
};
export default fault;
