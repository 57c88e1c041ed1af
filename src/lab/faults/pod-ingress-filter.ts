import type { Fault } from '../fault.ts';

const RULES = `add table netdev guard; add chain netdev guard entry { type filter hook ingress device net1 priority 0; };
add rule netdev guard entry ip daddr 239.0.0.0/8 drop`;

const fault: Fault = {
  title: 'A filter at ingress of the pod’s interface drops the stream before the IP layer',
  rules: ['firewall-drops-multicast'],
  heals: 'plan',
  after: [{ on: 'pod', argv: ['nft', RULES] }],
};
export default fault;
