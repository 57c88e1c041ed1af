import type { Action, Fault } from '../fault.ts';

/** Options of the switch of the multicast LAN; times are in hundredths of a second. */
const mcast = (options: string): Action => ({
  on: 'lan',
  argv: ['ip', 'link', 'set', 'mcast', 'type', 'bridge', ...options.split(' ')],
});

const fault: Fault = {
  title: 'The switch snoops, and its querier has fallen silent: memberships age out',
  rules: ['snooping-without-querier', 'snooping-port-not-member'],
  heals: 'advice',
  after: [
    // One query when it begins, answered within a second, and then none for an hour; a member is forgotten after 3 s.
    mcast('mcast_query_interval 360000 mcast_startup_query_interval 360000'),
    mcast('mcast_query_response_interval 100 mcast_membership_interval 300'),
    mcast('mcast_querier 1'),
  ],
  settles: 5,
  undo: [
    mcast('mcast_querier 0 mcast_query_interval 12500 mcast_startup_query_interval 3125'),
    mcast('mcast_query_response_interval 1000 mcast_membership_interval 26000'),
  ],
};
export default fault;
