import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/source-filter-mismatch.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

function filter(d: Draft, source: string, counts: { include?: number; exclude?: number } = { include: 1 }): void {
  d.rx.netns.sourceFilters.push({
    family: 4,
    interface: 'net1',
    group: '239.10.20.30',
    source,
    include: 0,
    exclude: 0,
    ...counts,
  });
}

test('fires when the join names another source than the one that sends', () => {
  const { finding } = ask(rule, (d) => filter(d, '10.50.0.99'));
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toBe('239.10.20.30:6000 is joined for 10.50.0.99; the stream comes from 10.50.0.9');
  expect(finding?.evidence[0]).toMatchObject({ at: 'pod/rx net1', source: '/proc/net/mcfilter' });
});

test('fires when the only member excludes the sender', () => {
  expect(ask(rule, (d) => filter(d, '10.50.0.9', { exclude: 1 })).finding?.title).toContain('joined without 10.50.0.9');
});

test('takes the source that was asked about before the one that is seen', () => {
  const { finding } = ask(rule, (d) => {
    filter(d, '10.50.0.9');
    d.source = '172.31.9.9';
  });
  expect(finding?.title).toContain('comes from 172.31.9.9');
});

test('is silent when a source or another member takes the stream', () => {
  expect(ask(rule, (d) => filter(d, '10.50.0.9')).outcome).toBe('pass');
  const several = ask(rule, (d) => {
    filter(d, '10.50.0.99');
    d.rx.netns.memberships[0]!.users = 2;
  });
  expect(several.outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('skipped');
});

test('has nothing to say when no source is known', () => {
  const { outcome } = ask(rule, (d) => {
    filter(d, '10.50.0.99');
    d.rx.flows = [flow({ destination: '239.9.9.9' })];
    d.node.flows = [];
  });
  expect(outcome).toBe('skipped');
});
