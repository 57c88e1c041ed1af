import { expect, test } from 'vitest';
import { takesSource, takesStream } from '../../src/doctor/membership.ts';
import type { SourceFilter } from '../../src/model/netns.ts';
import { caseOf } from './snapshot.ts';

const S = '10.50.0.9';
const filter = (source: string, include: number, exclude: number): SourceFilter => ({
  family: 4,
  interface: 'net1',
  group: '239.10.20.30',
  source,
  include,
  exclude,
});

const member = (users: number, ...filters: SourceFilter[]) =>
  caseOf((d) => {
    d.rx.netns.memberships[0]!.users = users;
    d.rx.netns.sourceFilters = filters;
  });

test.each<[string, number, SourceFilter[], boolean]>([
  ['any source', 1, [], true],
  ['this source', 1, [filter(S, 1, 0)], true],
  ['another source alone', 1, [filter('10.50.0.66', 1, 0)], false],
  ['another source, and a second socket any', 2, [filter('10.50.0.66', 1, 0)], true],
  ['all but this', 1, [filter(S, 0, 1)], false],
  ['all but this, a second socket any', 2, [filter(S, 0, 1)], true],
  ['all but another', 1, [filter('10.50.0.66', 0, 1)], true],
  ['two others, by one socket', 1, [filter('10.50.0.66', 1, 0), filter('10.50.0.67', 1, 0)], false],
  ['of another group', 1, [{ ...filter('10.50.0.66', 1, 0), group: '239.9.9.9' }], true],
])('a member that takes %s', (_, users, filters, takes) => {
  expect(takesSource(member(users, ...filters), 'net1', S)).toBe(takes);
  expect(takesStream(member(users, ...filters))).toBe(takes);
});

test('no member takes nothing; no known source is taken', () => {
  expect(takesSource(caseOf(), 'eth0', S)).toBe(false);
  const silent = caseOf((d) => {
    d.rx.flows = [];
    d.node.flows = [];
    d.rx.netns.sourceFilters = [filter('10.50.0.66', 1, 0)];
  });
  expect(takesStream(silent)).toBe(true);
});
