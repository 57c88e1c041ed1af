import { type Fault, healthyAttachment, withConfig } from '../fault.ts';

const BRIDGE = 'cameras0';

const fault: Fault = {
  title: 'The attachment is a bridge of its own, and no NIC is a port of it',
  rules: ['nad-parent-wrong-network'],
  heals: 'advice',
  cure: healthyAttachment(),
  scene: (scene) =>
    withConfig(scene, ({ master: _, mode: __, ...config }) => ({ ...config, type: 'bridge', bridge: BRIDGE })),
  undo: [{ on: 'node1', argv: ['ip', 'link', 'delete', BRIDGE] }],
};
export default fault;
