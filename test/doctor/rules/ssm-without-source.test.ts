import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/ssm-without-source.ts';
import { silence } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

function anySource(d: Draft): void {
  d.group = '232.1.1.1:6000';
  d.rx.netns.memberships = [{ family: 4, interface: 'net1', group: '232.1.1.1', users: 1, querierVersion: 'V3' }];
  silence(d);
}

test('fires when nothing arrives', () => {
  const { finding } = ask(rule, anySource);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.source)).toEqual(['/proc/net/igmp', '/proc/net/mcfilter']);
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'application' }]);
});

test('warns when the stream comes all the same, or its source is on the LAN', () => {
  const seen = ask(rule, (d) => {
    anySource(d);
    d.rx.flows = [flow({ destination: '232.1.1.1' })];
  });
  expect(seen.finding?.severity).toBe('warning');
  const near = ask(rule, (d) => {
    anySource(d);
    d.source = '10.50.0.9';
  });
  expect(near.finding?.severity).toBe('warning');
  expect(near.finding?.advice).toContain('10.50.0.9');
});

test('is silent on a join with a source, and on other ranges', () => {
  const named = ask(rule, (d) => {
    anySource(d);
    d.rx.netns.sourceFilters = [
      { family: 4, interface: 'net1', group: '232.1.1.1', source: '172.31.9.9', include: 1, exclude: 0 },
    ];
  });
  expect(named.outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('skipped');
});

test('is unknown without the source filters', () => {
  const { outcome, reason } = ask(rule, (d) => {
    anySource(d);
    d.missing.sourceFilters = 'no /proc/net/mcfilter';
  });
  expect([outcome, reason]).toEqual(['unknown', 'no /proc/net/mcfilter']);
});
