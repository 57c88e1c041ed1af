import { type Fault, GROUP_PREFIX, withConfig } from '../fault.ts';

const fault: Fault = {
  title: 'The routes stand beside ipam, where nobody reads them',
  rules: ['nad-routes-misplaced', 'joined-on-wrong-interface'],
  heals: 'plan',
  sends: true,
  scene: (scene) =>
    withConfig(scene, (config) => ({
      ...config,
      ipam: { ...(config.ipam as object), routes: undefined },
      routes: [{ dst: GROUP_PREFIX }],
    })),
};
export default fault;
