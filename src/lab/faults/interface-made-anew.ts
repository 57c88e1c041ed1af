import { type Fault, GROUP_PREFIX, withConfig } from '../fault.ts';

const ADDRESS = '192.168.50.141/24';
/** On the node: the process that holds the receiver's network namespace. */
const SANDBOX = `cd /run/containerd/io.containerd.runtime.v2.task/k8s.io
pid=$(cat "$(dirname "$(grep -l 'sandbox-name":"rx"' */config.json | head -n 1)")/init.pid")`;

const fault: Fault = {
  title: 'The secondary interface was deleted and made again below the running application: its membership is gone',
  rules: ['membership-stale', 'no-membership'],
  heals: 'plan',
  scene: (scene) =>
    withConfig(scene, (config) => ({
      ...config,
      ipam: { type: 'static', addresses: [{ address: ADDRESS }], routes: [{ dst: GROUP_PREFIX }] },
    })),
  after: [
    { on: 'pod', argv: ['ip', 'link', 'delete', 'net1'] },
    {
      on: 'node1',
      argv: [
        'sh',
        '-ec',
        `${SANDBOX}\nip link add link eth1 name anew type macvlan mode bridge; ip link set anew netns "$pid" name net1`,
      ],
    },
    { on: 'pod', argv: ['ip', 'address', 'add', ADDRESS, 'dev', 'net1'] },
    { on: 'pod', argv: ['ip', 'link', 'set', 'net1', 'up'] },
    { on: 'pod', argv: ['ip', 'route', 'add', GROUP_PREFIX, 'dev', 'net1'] },
  ],
};
export default fault;
