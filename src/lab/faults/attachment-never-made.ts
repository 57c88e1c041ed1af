import { type Fault, withReceiver } from '../fault.ts';

const fault: Fault = {
  title: 'The annotation names an attachment that nobody has made, unlike any that there is',
  rules: ['nad-not-found'],
  heals: 'plan',
  sends: true,
  runs: false,
  scene: (scene) => ({ ...withReceiver(scene, { networks: 'studio' }), attachments: [] }),
};
export default fault;
