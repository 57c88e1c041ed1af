import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/vf-not-trusted.ts';
import { ask, type Draft, link, nadConfig } from '../snapshot.ts';

const silent =
  (config: object, flags: readonly string[] = []) =>
  (d: Draft): void => {
    d.cluster.attachments[0]!.config = nadConfig({ type: 'sriov', ...config });
    d.rx.netns.links[2] = link('net1', 3, { flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP', ...flags] });
    d.rx.flows = [];
    d.node.flows = [];
  };

function manyGroups(d: Draft): void {
  const [own] = d.rx.netns.memberships;
  for (let i = 0; i < 20; i++) d.rx.netns.memberships.push({ ...own!, group: `239.99.0.${i}` });
}

test('warns of a function that asks for all groups, or for many, and is not trusted', () => {
  const { finding } = ask(rule, silent({}, ['ALLMULTI']));
  expect(finding?.severity).toBe('warning');
  expect(finding?.evidence[0]).toMatchObject({ source: 'spec.config trust', observed: 'not set' });
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'network' }]);
  const many = ask(rule, (d) => {
    silent({ trust: 'off' })(d);
    manyGroups(d);
  });
  expect(many.finding?.detail).toContain('21 groups');
});

test('is silent on a trusted function, on few groups, and when the stream comes', () => {
  expect(ask(rule, silent({ trust: 'on' }, ['ALLMULTI'])).outcome).toBe('pass');
  expect(ask(rule, silent({})).outcome).toBe('pass');
  const comes = ask(rule, (d) => {
    const { flows } = d.rx;
    silent({}, ['ALLMULTI'])(d);
    d.rx.flows = flows;
  });
  expect(comes.outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('skipped');
});
