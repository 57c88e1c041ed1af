import type { Fault } from '../fault.ts';

const fault: Fault = {
  title: 'A firewall rule in the pod drops the stream',
  rules: ['firewall-drops-multicast'],
  heals: 'plan',
  after: [{ on: 'pod', argv: ['iptables', '-A', 'INPUT', '-i', 'net1', '-p', 'udp', '-j', 'DROP'] }],
};
export default fault;
