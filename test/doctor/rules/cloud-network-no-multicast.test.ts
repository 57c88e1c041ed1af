import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/cloud-network-no-multicast.ts';
import noTraffic from '../../../src/doctor/rules/no-traffic.ts';
import { onHostNetwork, onPodNetworkAlone, silence } from '../roles.ts';
import { ask, type Draft } from '../snapshot.ts';

const inCloud = (providerID: string) => (d: Draft) => {
  d.cluster.nodes[0] = { ...d.cluster.nodes[0]!, providerID };
  silence(d);
  d.node.joinFlows = [];
};

test.each([
  ['gce://project/europe-west1-b/node1', 'Google Cloud'],
  ['azure:///subscriptions/1/node1', 'Azure'],
  ['aws:///eu-west-1a/i-0123', 'AWS'],
])('fires on macvlan in %s', (providerID, label) => {
  const { finding } = ask(rule, inCloud(providerID));
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain(label);
  expect(finding?.evidence[0]).toMatchObject({ at: 'node/node1', source: 'spec.providerID', observed: providerID });
});

test('fires on hostNetwork too, and no-traffic leaves it the word', () => {
  const onHost = (d: Draft) => {
    onHostNetwork(d);
    inCloud('gce://project/europe-west1-b/node1')(d);
  };
  expect(ask(rule, onHost).outcome).toBe('fail');
  expect(ask(noTraffic, onHost).outcome).toBe('skipped');
});

test('is silent where a Transit Gateway asks for members, on the pod network, and outside clouds', () => {
  const gateway = ask(rule, (d) => {
    inCloud('aws:///eu-west-1a/i-0123')(d);
    d.node.messages = [
      { interface: 'eth1', direction: 'in', family: 4, type: 'igmpv2-query', source: '0.0.0.0', at: 10 },
    ];
  });
  expect(gateway.outcome).toBe('pass');
  const podNetwork = ask(rule, (d) => {
    onPodNetworkAlone(d);
    inCloud('aws:///eu-west-1a/i-0123')(d);
  });
  expect(podNetwork.outcome).toBe('pass');
  expect(ask(rule, inCloud('kind://docker/kind/node1')).outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('skipped');
});
