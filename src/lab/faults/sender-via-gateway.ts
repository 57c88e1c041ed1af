import { type Fault, GROUP_PREFIX, withSender } from '../fault.ts';

/** Of the outside host. */
const GATEWAY = '192.168.50.50';

const fault: Fault = {
  title: 'The sender is a pod whose route to the group got a gateway: the frames go to a router’s MAC, as unicast',
  rules: ['group-route-via-gateway'],
  heals: 'plan',
  target: 'pod/camera',
  scene: (scene) => withSender(scene, (ipam) => ({ ...ipam, routes: [{ dst: GROUP_PREFIX, gw: GATEWAY }] })),
};
export default fault;
