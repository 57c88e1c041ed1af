import { type Fault, NO_NODE_ROUTES, onHostNetwork } from '../fault.ts';

const fault: Fault = {
  title: 'The receiver is on its node’s network, and the node routes the group to eth0',
  rules: ['joined-on-wrong-interface'],
  heals: 'plan',
  scene: onHostNetwork,
  undo: [NO_NODE_ROUTES],
};
export default fault;
