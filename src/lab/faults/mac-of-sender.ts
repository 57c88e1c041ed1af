import { type Action, type Fault, withReceiver } from '../fault.ts';
import { STREAM } from '../scene.ts';

const MAC = '02:00:5e:10:00:77';
const FILE = '/tmp/mac';
const on = (command: string): Action => ({ on: 'outside', argv: ['sh', '-ec', command] });

const fault: Fault = {
  title: 'The annotation gives the pod the MAC address of the sender',
  rules: ['mac-conflict'],
  heals: 'plan',
  before: [
    on(
      `cat /sys/class/net/${STREAM.interface}/address > ${FILE} || ip -o link show ${STREAM.interface} | sed 's/.*ether //; s/ .*//' > ${FILE}`,
    ),
    on(`ip link set ${STREAM.interface} address ${MAC}`),
  ],
  undo: [on(`ip link set ${STREAM.interface} address "$(cat ${FILE})"`)],
  scene: (scene) => withReceiver(scene, { networks: `[{"name": "camera-lan", "mac": "${MAC}"}]` }),
};
export default fault;
