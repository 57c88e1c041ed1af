import { type Fault, withConfig } from '../fault.ts';

const fault: Fault = {
  title: 'The attachment gives a fixed address without a prefix length',
  rules: ['nad-value-refused'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) =>
    withConfig(scene, (config) => ({
      ...config,
      ipam: {
        ...(config.ipam as object),
        type: 'static',
        ranges: undefined,
        addresses: [{ address: '192.168.50.177' }],
      },
    })),
};
export default fault;
