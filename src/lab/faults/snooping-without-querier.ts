import type { Fault } from '../fault.ts';

const fault: Fault = {
  title: 'The switch snoops, and its querier has fallen silent: memberships age out',
  rules: ['snooping-without-querier', 'snooping-port-not-member'],
  heals: 'advice',
  after: [
    {
      on: 'lan',
      // Times in hundredths of a second; a member is forgotten after 5 s.
      argv: 'ip link set mcast type bridge mcast_querier 1 mcast_query_interval 360000 mcast_membership_interval 500'.split(
        ' ',
      ),
    },
  ],
  settles: 18,
  undo: [
    {
      on: 'lan',
      argv: 'ip link set mcast type bridge mcast_querier 0 mcast_query_interval 12500 mcast_membership_interval 26000'.split(
        ' ',
      ),
    },
  ],
};
export default fault;
