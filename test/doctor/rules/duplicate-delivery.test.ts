import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/duplicate-delivery.ts';
import { ask, flow } from '../snapshot.ts';

test('names two interfaces that both take the stream', () => {
  const { finding } = ask(rule, (d) => {
    d.rx.netns.memberships.push({ family: 4, interface: 'net2', group: '239.10.20.30', users: 1 });
    d.rx.flows.push(flow({ interface: 'net2', packets: 9 }));
  });
  expect(finding?.severity).toBe('warning');
  expect(finding?.title).toContain('by net1 and net2');
});

test('names two devices that forward the same datagrams, and a loop', () => {
  const routers = ask(rule, (d) => d.rx.flows.push(flow({ sourceMac: '02:00:00:00:99:99' })));
  expect(routers.finding?.title).toContain('02:00:00:00:99:99');
  const loop = ask(rule, (d) => d.rx.flows.push(flow({ ttl: 7 }), flow({ ttl: 6 })));
  expect(loop.finding?.title).toContain('TTLs 8, 7 and 6');
});

test('is silent on other senders, on interfaces without membership, and on a few stragglers', () => {
  expect(
    ask(rule, (d) => d.rx.flows.push(flow({ source: '10.50.0.10', sourceMac: '02:00:00:00:50:10' }))).outcome,
  ).toBe('pass');
  expect(ask(rule, (d) => d.rx.flows.push(flow({ interface: 'net2' }))).outcome).toBe('pass');
  expect(ask(rule, (d) => d.rx.flows.push(flow({ sourceMac: '02:00:00:00:99:99', packets: 1 }))).outcome).toBe('pass');
});
