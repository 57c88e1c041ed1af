import { expect, test } from 'vitest';
import { diagnose, groupsFor } from '../../src/doctor/diagnose.ts';
import type { Rule } from '../../src/doctor/rule.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import type { Snapshot } from '../../src/facts/snapshot.ts';
import { formatGroup } from '../../src/model/group.ts';
import { flow, type Patch, snapshot } from './snapshot.ts';

/** As when nobody named a group. */
function unasked(patch?: Patch): Snapshot {
  const made = snapshot(patch);
  return { ...made, question: { ...made.question, groups: [] } };
}

const groups = (made: Snapshot) => groupsFor(made, made.targets[0]!).map(formatGroup);

test('the groups that were asked about, else those of the target: joined, sent to, or bound to', () => {
  expect(groups(snapshot())).toEqual(['239.10.20.30:6000']);
  const own = unasked((d) => {
    d.rx.netns.memberships.push(
      { family: 4, interface: 'net1', group: '224.0.0.1', users: 1 },
      { family: 4, interface: 'lo', group: '239.7.7.7', users: 1 },
    );
    d.rx.flows.push(
      flow({ direction: 'out', source: '10.50.0.21', destination: '239.2.2.2' }),
      flow({ direction: 'out', source: '10.99.0.1', destination: '239.8.8.8' }),
    );
    d.rx.netns.sockets.push({ ...d.rx.netns.sockets[0]!, localAddress: '239.3.3.3' });
  });
  expect(groups(own)).toEqual(['239.10.20.30', '239.2.2.2', '239.3.3.3']);
});

test('one diagnosis for each target and group, worst first', () => {
  const made = snapshot();
  const asked = { ...made, question: { ...made.question, groups: ['239.10.20.30:6000', '239.9.9.9:6000'] } };
  const list = diagnose(asked, rules);
  expect(list.map((d) => [d.group, d.verdict])).toEqual([
    ['239.9.9.9:6000', 'broken'],
    ['239.10.20.30:6000', 'healthy'],
  ]);
});

test('nothing to ask: unknown, with the reason, and no plan', () => {
  const idle = diagnose(
    unasked((d) => {
      d.rx.netns.memberships = [];
    }),
    rules,
  );
  expect(idle).toMatchObject([{ verdict: 'unknown', group: null, rootCause: null, findings: [], checks: [] }]);
  expect(idle[0]?.summary).toContain('name one with --group');
  const closed = diagnose(
    unasked((d) => {
      d.missing.observation = 'exec is forbidden';
    }),
    rules,
  );
  expect(closed[0]?.summary).toBe('nothing to diagnose in pod/rx: exec is forbidden');
});

const found = { summary: 'it is so', detail: '', advice: '', evidence: [] };
const rule = (id: string, severity: Rule['severity'], run?: string): Rule => ({
  id,
  title: 'All is well',
  stage: 'node',
  severity,
  needs: [],
  check: () => [{ ...found, fixes: run === undefined ? [] : [{ kind: 'cluster', title: id, run }] }],
});

test('the first error is the root cause; the plan holds the fixes of all errors, none of warnings, and findings hold none', () => {
  const [d] = diagnose(snapshot(), [rule('w', 'warning', 'no'), rule('a', 'error', 'one'), rule('b', 'error', 'two')]);
  expect(d).toMatchObject({ verdict: 'broken', rootCause: 'a', summary: 'it is so' });
  expect(d?.plan.steps.map((s) => s.run)).toEqual(['one', 'two']);
  expect(d?.findings[0]).not.toHaveProperty('fixes');
});

test('warnings alone make nobody broken, and plan nothing', () => {
  const [d] = diagnose(snapshot(), [rule('w', 'warning', 'no')]);
  expect(d).toMatchObject({ verdict: 'healthy', rootCause: null });
  expect(d?.plan.steps).toEqual([]);
  expect(d?.findings).toHaveLength(1);
});
