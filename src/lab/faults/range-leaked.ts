import { type Fault, RECREATE, withConfig } from '../fault.ts';

const FOLDER = '/var/lib/cni/networks/leaky';
/** As host-local writes it, of a pod that is no more. */
const LEAK = `mkdir -p ${FOLDER}; printf '0badc0ffee\\r\\nnet1' >${FOLDER}/192.168.50.100; touch -d '1 hour ago' ${FOLDER}/192.168.50.100`;

const fault: Fault = {
  title: 'The attachment’s range is used up by an address that no pod has any more',
  rules: ['ipam-exhausted'],
  // The plan asks the container runtime what runs, and the lab's has no program for that.
  heals: 'advice',
  cure: [{ on: 'node1', argv: ['rm', `${FOLDER}/192.168.50.100`] }, RECREATE],
  runs: false,
  before: [{ on: 'node1', argv: ['sh', '-ec', LEAK] }],
  scene: (scene) =>
    withConfig(scene, (config) => ({
      ...config,
      name: 'leaky',
      ipam: {
        ...(config.ipam as object),
        ranges: [[{ subnet: '192.168.50.0/24', rangeStart: '192.168.50.100', rangeEnd: '192.168.50.100' }]],
      },
    })),
  undo: [{ on: 'node1', argv: ['rm', '-rf', FOLDER] }],
};
export default fault;
