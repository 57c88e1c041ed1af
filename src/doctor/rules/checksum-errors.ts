import { movedByFamily } from '../moved.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText } from '../say.ts';
import { notReceiving } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'checksum-errors',
  title: 'The datagrams’ checksums are right',
  stage: 'socket',
  severity: 'error',
  needs: ['movement'],
  skip: (c) => notReceiving(c) ?? (c.memberships.length === 0 ? 'the target is no member' : undefined),
  check: (c) => {
    const bad = movedByFamily(c, 'checksum') ?? 0;
    if (bad === 0) return [];
    const read = movedByFamily(c, 'delivered') ?? 0;
    return [
      {
        // The counter is the namespace's: it is this stream's for sure only when it comes and none of it is read.
        severity: c.arrivals.length > 0 && read === 0 ? 'error' : 'warning',
        summary: `${bad} datagrams had a wrong UDP checksum during the look`,
        detail:
          'The kernel drops them before the application reads, and a capture shows them all the same. The usual causes are a sender that does not fill the checksum in, a virtual NIC that was to do it, or a device on the way that changes the payload.',
        advice:
          'See the checksums on the sender’s wire; try without checksum offloading there (ethtool -K NIC tx off), and update the driver or the virtual switch.',
        evidence: [
          evidence(
            at(c),
            c.group.family === 4 ? '/proc/net/snmp' : '/proc/net/snmp6',
            `Udp InCsumErrors rose by ${bad}, InDatagrams by ${read}`,
          ),
          ...(c.arrivals.length > 0
            ? [evidence(at(c, c.arrivals[0]?.interface), 'capture', describeFlows(c.arrivals))]
            : []),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'network',
            title: `Make the sender of ${groupText(c)} send right checksums (its software, or its NIC: ethtool -K NIC tx off)`,
          },
        ],
      },
    ];
  },
};
export default rule;
