import { expect, test } from 'vitest';
import { moved, movedByFamily } from '../../src/doctor/moved.ts';
import { describeFlows, flowsOf, packetsOf } from '../../src/doctor/traffic.ts';
import { asksForIpv6 } from './roles.ts';
import { caseOf, flow } from './snapshot.ts';

test('datagrams of the group, whatever their port, without IGMP and MLD', () => {
  const look = { duration: 1, interfaces: [], joined: [], messages: [], lost: 0 };
  const flows = [
    flow(),
    flow({ destinationPort: 9 }),
    flow({ destination: '239.9.9.9' }),
    flow({ protocol: 2 }),
    flow({ protocol: 58 }),
  ];
  expect(flowsOf({ ...look, flows }, { family: 4, address: '239.10.20.30', port: 6000 })).toEqual(flows.slice(0, 2));
  expect(flowsOf(undefined, { family: 4, address: '239.10.20.30' })).toEqual([]);
});

test('flows in words', () => {
  expect(packetsOf([flow(), flow({ packets: 2 })])).toBe(12);
  expect(describeFlows([flow({ packets: 1 })])).toBe('1 datagram from 10.50.0.9 to port 6000, TTL 8');
  const many = Array.from({ length: 5 }, (_, i) => flow({ source: `10.50.0.${i}`, ttl: i }));
  expect(describeFlows(many)).toBe(
    '50 datagrams from 10.50.0.0, 10.50.0.1, 10.50.0.2 and 2 more to port 6000, TTL 0, 1, 2 and 2 more',
  );
});

test('counters: moved, not moved, and not known are three things', () => {
  expect(moved(caseOf(), 'Udp.InDatagrams')).toBe(10);
  expect(moved(caseOf(), 'Udp.RcvbufErrors')).toBe(0);
  const blind = caseOf((d) => {
    d.missing.movement = 'read once';
  });
  expect(moved(blind, 'Udp.InDatagrams')).toBeUndefined();
});

test('each family has its own counters', () => {
  expect(movedByFamily(caseOf(), 'delivered')).toBe(10);
  expect(movedByFamily(caseOf(asksForIpv6), 'delivered')).toBe(10);
  const other = caseOf((d) => {
    asksForIpv6(d);
    d.rx.moved = { 'Udp.InDatagrams': 10 };
  });
  expect(movedByFamily(other, 'delivered')).toBe(0);
});
