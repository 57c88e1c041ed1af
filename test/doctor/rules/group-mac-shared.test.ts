import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/group-mac-shared.ts';
import { ask, flow } from '../snapshot.ts';

test('names groups with the same MAC that are joined or seen', () => {
  const { finding } = ask(rule, (d) => {
    d.rx.netns.memberships.push({ family: 4, interface: 'net1', group: '238.138.20.30', users: 1 });
    d.rx.flows.push(flow({ destination: '224.10.20.30' }));
  });
  expect(finding?.severity).toBe('info');
  expect(finding?.title).toContain('238.138.20.30 and 224.10.20.30');
});

test('names a group that switches flood as network control', () => {
  const { finding } = ask(rule, (d) => {
    d.group = '239.128.0.5';
  });
  expect(finding?.title).toContain('01:00:5e:00:00:05');
});

test('is silent on other groups', () => {
  const { outcome } = ask(rule, (d) => {
    d.rx.netns.memberships.push({ family: 4, interface: 'net1', group: '239.10.20.31', users: 1 });
  });
  expect(outcome).toBe('pass');
});
