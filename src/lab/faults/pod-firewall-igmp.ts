import { type Fault, mcast, ORDINARY_SWITCH } from '../fault.ts';

const fault: Fault = {
  title: 'A firewall in the pod lets no IGMP out: the switch, which snoops, forgets the member',
  rules: ['firewall-drops-igmp'],
  heals: 'plan',
  stirs: true,
  before: [
    // A query each second, answered within another; a member is forgotten after 3 s.
    mcast('mcast_query_interval 100 mcast_startup_query_interval 100'),
    mcast('mcast_query_response_interval 100 mcast_membership_interval 300'),
    mcast('mcast_querier 1'),
  ],
  after: [{ on: 'pod', argv: 'iptables -A OUTPUT -p igmp -j DROP'.split(' ') }],
  settles: 6,
  undo: ORDINARY_SWITCH,
};
export default fault;
