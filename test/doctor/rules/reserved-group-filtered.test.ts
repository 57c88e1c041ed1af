import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/reserved-group-filtered.ts';
import { onPodNetworkAlone } from '../roles.ts';
import { ask, type Draft } from '../snapshot.ts';

const asks =
  (group: string, name: string, config = '') =>
  (d: Draft) => {
    onPodNetworkAlone(d);
    d.group = group;
    d.cluster.podNetwork.name = name;
    d.cluster.podNetwork.settings = { 'antrea-agent.conf': config };
  };

test('fires on 224.0.0.0/24 over networks that do not relay it', () => {
  const { finding } = ask(rule, asks('224.0.0.251:5353', 'ovn-kubernetes'));
  expect(finding?.severity).toBe('error');
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'application' }]);
  expect(ask(rule, asks('224.0.0.251:5353', 'antrea', 'trafficEncapMode: noEncap')).outcome).toBe('fail');
});

test('is silent on networks that carry it or say nothing, and on other groups', () => {
  expect(ask(rule, asks('224.0.0.251:5353', 'antrea', 'trafficEncapMode: "encap"')).outcome).toBe('pass');
  expect(ask(rule, asks('224.0.0.251:5353', 'antrea', '#trafficEncapMode: noEncap')).outcome).toBe('pass');
  expect(ask(rule, asks('224.0.0.251:5353', 'weave')).outcome).toBe('pass');
  expect(ask(rule, asks('239.10.20.30:6000', 'ovn-kubernetes')).outcome).toBe('skipped');
});
