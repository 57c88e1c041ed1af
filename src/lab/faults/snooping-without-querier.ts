import { type Fault, mcast, ORDINARY_SWITCH } from '../fault.ts';

const fault: Fault = {
  title: 'The switch snoops, and its querier has fallen silent: memberships age out',
  rules: ['snooping-without-querier', 'snooping-port-not-member'],
  heals: 'advice',
  cure: [mcast('mcast_snooping 0')],
  stirs: true,
  after: [
    // One query when it begins, answered within a second, and then none for an hour; a member is forgotten after 3 s.
    mcast('mcast_query_interval 360000 mcast_startup_query_interval 360000'),
    mcast('mcast_query_response_interval 100 mcast_membership_interval 300'),
    mcast('mcast_querier 1'),
  ],
  settles: 5,
  undo: ORDINARY_SWITCH,
};
export default fault;
