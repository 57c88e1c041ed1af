import { type Fault, GROUP_PREFIX, withConfig, withReceiver, withVariables } from '../fault.ts';

const ADDRESS = '192.168.50.140';

const fault: Fault = {
  title: 'The socket is bound to an address of the pod: datagrams to a group go past it',
  rules: ['bound-to-unicast'],
  heals: 'advice',
  cure: [withVariables('BIND-')],
  scene: (scene) =>
    withReceiver(
      withConfig(scene, (config) => ({
        ...config,
        ipam: { type: 'static', addresses: [{ address: `${ADDRESS}/24` }], routes: [{ dst: GROUP_PREFIX }] },
      })),
      { bind: ADDRESS },
    ),
};
export default fault;
