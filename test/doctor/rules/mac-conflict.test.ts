import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/mac-conflict.ts';
import { NETWORKS_ANNOTATION } from '../../../src/model/nad.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

const MAC = '02:00:00:00:00:03';
const twin = {
  pod: 'tx',
  namespace: 'video',
  node: 'node2',
  network: 'video/mcast',
  interface: 'net1',
  ips: ['10.50.0.77'],
  mac: MAC,
};

function fromOwnMac(d: Draft): void {
  d.node.flows = [flow({ interface: 'eth1', sourceMac: MAC })];
  d.rx.flows = [];
}

test('frames with the pod’s MAC enter the node and do not reach the pod', () => {
  const { finding } = ask(rule, (d) => {
    fromOwnMac(d);
    d.pod.annotations[NETWORKS_ANNOTATION] = JSON.stringify([{ name: 'mcast', mac: MAC, ips: ['10.50.0.21/24'] }]);
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.at(-1)).toMatchObject({ at: 'node/node1 eth1', source: 'capture' });
  expect(finding?.fixes).toEqual([
    { kind: 'annotate', networks: '[{"name":"mcast","ips":["10.50.0.21/24"]}]' },
    { kind: 'recreate' },
  ]);
});

test('a pod with the same MAC is a warning while the stream is heard', () => {
  const { finding } = ask(rule, (d) => void d.cluster.podAddresses.push(twin));
  expect(finding?.severity).toBe('warning');
  expect(finding?.title).toContain('video/tx has the MAC');
});

test('a switch that sends the pod’s own frames back is no conflict, nor is an ipvlan', () => {
  const hairpin = ask(rule, (d) => {
    fromOwnMac(d);
    d.node.flows.push(flow({ interface: 'eth1', sourceMac: MAC, direction: 'out' }));
  });
  expect(hairpin.outcome).toBe('pass');
  const ipvlan = ask(rule, (d) => {
    d.rx.netns.links[2]!.kind = 'ipvlan';
    d.cluster.podAddresses.push(twin);
  });
  expect(ipvlan.outcome).toBe('pass');
});
