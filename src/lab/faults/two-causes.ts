import { FAR_SOURCE, type Fault, withConfig, withRoutes } from '../fault.ts';
import { STREAM } from '../scene.ts';

const fault: Fault = {
  title: 'A route without prefix length, and a parent that does not exist',
  rules: ['nad-route-without-prefix', 'nad-parent-missing'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) =>
    withConfig(withRoutes(scene, [{ dst: STREAM.group }, { dst: FAR_SOURCE }]), (config) => ({
      ...config,
      master: 'eth7',
    })),
};
export default fault;
