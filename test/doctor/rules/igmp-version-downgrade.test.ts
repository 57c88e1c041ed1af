import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/igmp-version-downgrade.ts';
import { silence } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

const FORCE = 'net.ipv4.conf.net1.force_igmp_version';

function sourceSpecific(d: Draft, querierVersion: string, group = '232.1.1.1'): void {
  d.group = `${group}:6000`;
  d.rx.netns.memberships = [{ family: 4, interface: 'net1', group, users: 1, querierVersion }];
  d.rx.netns.sourceFilters = [{ family: 4, interface: 'net1', group, source: '172.31.9.9', include: 1, exclude: 0 }];
  silence(d);
}

test('fires on a querier of version 2 when a source-specific group does not come', () => {
  const { finding } = ask(rule, (d) => sourceSpecific(d, 'V2'));
  expect(finding?.severity).toBe('error');
  expect(ask(rule, (d) => sourceSpecific(d, 'V1')).finding?.severity).toBe('error');
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'network' }]);
});

test('undoes a forced version in the attachment', () => {
  const { finding } = ask(rule, (d) => {
    sourceSpecific(d, 'V2');
    d.rx.netns.sysctls[FORCE] = '2';
  });
  expect(finding?.fixes).toEqual([
    { kind: 'attachment', namespace: 'video', name: 'mcast', edits: [{ set: 'sysctl', name: FORCE, value: '0' }] },
    { kind: 'recreate' },
  ]);
});

test('is milder outside the source-specific range, and when the stream comes', () => {
  expect(ask(rule, (d) => sourceSpecific(d, 'V2', '239.1.1.1')).finding?.severity).toBe('warning');
  const comes = ask(rule, (d) => {
    sourceSpecific(d, 'V2');
    d.rx.flows = [flow({ destination: '232.1.1.1', source: '172.31.9.9' })];
  });
  expect(comes.finding?.severity).toBe('info');
});

test('is silent with version 3, without sources, and where the network wants version 2', () => {
  expect(ask(rule, (d) => sourceSpecific(d, 'V3')).outcome).toBe('pass');
  const any = ask(rule, (d) => {
    sourceSpecific(d, 'V2');
    d.rx.netns.sourceFilters = [];
  });
  expect(any.outcome).toBe('skipped');
  const aws = ask(rule, (d) => {
    sourceSpecific(d, 'V2');
    d.cluster.nodes[0] = { ...d.cluster.nodes[0]!, providerID: 'aws:///eu-west-1a/i-0123' };
  });
  expect(aws.outcome).toBe('skipped');
});
