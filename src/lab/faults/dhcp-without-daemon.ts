import { type Fault, healthyAttachment, withConfig } from '../fault.ts';

const fault: Fault = {
  title: 'Addresses are to come by DHCP, and the plugin’s daemon does not run',
  rules: ['dhcp-daemon-missing'],
  heals: 'advice',
  cure: healthyAttachment(),
  runs: false,
  scene: (scene) => withConfig(scene, (config) => ({ ...config, ipam: { type: 'dhcp' } })),
};
export default fault;
