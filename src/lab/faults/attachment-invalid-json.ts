import type { Fault } from '../fault.ts';

const fault: Fault = {
  title: 'The attachment’s configuration is no JSON',
  rules: ['nad-invalid-json'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => ({
    ...scene,
    attachments: scene.attachments.map(({ name, config }) => ({
      name,
      config: JSON.stringify(config).replace('}]]', '},]]'),
    })),
  }),
};
export default fault;
