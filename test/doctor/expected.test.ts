import { expect, test } from 'vitest';
import { lanFlows, parentName } from '../../src/doctor/expected.ts';
import { NETWORKS_ANNOTATION } from '../../src/model/nad.ts';
import { onHostNetwork, onPodNetworkAlone } from './roles.ts';
import { caseOf, type Draft, flow, link, nadConfig, type Patch } from './snapshot.ts';

/** A second network net2 on eth2 beside net1 on eth1; nothing arrives in the pod. */
function twoNetworks(d: Draft): void {
  d.pod.annotations[NETWORKS_ANNOTATION] = 'mcast,other';
  d.cluster.attachments.push({ namespace: 'video', name: 'other', config: nadConfig({ master: 'eth2' }) });
  d.node.netns.links.push(link('eth2', 6));
  d.rx.netns.links.push(link('net2', 4, { kind: 'macvlan', parentIndex: 6, parentNetns: 0 }));
  d.rx.flows = [];
  d.rx.netns.memberships = [];
}

test.each<[string, Patch, object | undefined]>([
  [
    'the wire in the pod is strongest',
    (d) => {
      twoNetworks(d);
      d.rx.flows = [flow({ interface: 'net2' })];
    },
    { interface: 'net2', by: 'arrival' },
  ],
  [
    'of two interfaces with arrivals, the one that is a member’s',
    (d) => {
      d.rx.flows = [flow({ interface: 'eth0' }), flow()];
    },
    { interface: 'net1', by: 'arrival' },
  ],
  [
    'loopback is no way in',
    (d) => {
      twoNetworks(d);
      d.rx.flows = [flow({ interface: 'lo' })];
      d.node.flows = [];
    },
    { interface: 'net1', by: 'only-secondary' },
  ],
  [
    'then the NIC that sees the group',
    (d) => {
      twoNetworks(d);
      d.node.flows = [flow({ interface: 'eth2' })];
    },
    { interface: 'net2', by: 'parent' },
  ],
  [
    'also when it took a join to see it',
    (d) => {
      twoNetworks(d);
      d.node.flows = [];
      d.node.joinFlows = [flow({ interface: 'eth2' })];
    },
    { interface: 'net2', by: 'parent' },
  ],
  [
    'then the membership',
    (d) => {
      twoNetworks(d);
      d.node.flows = [];
      d.rx.netns.memberships = [{ family: 4, interface: 'net2', group: '239.10.20.30', users: 1 }];
    },
    { interface: 'net2', by: 'membership' },
  ],
  [
    'then the first secondary network',
    (d) => {
      twoNetworks(d);
      d.node.flows = [];
    },
    { interface: 'net1', by: 'only-secondary' },
  ],
  [
    'a macvlan without annotation is one',
    (d) => {
      twoNetworks(d);
      d.node.flows = [];
      d.pod.annotations = {};
    },
    { interface: 'net1', by: 'only-secondary' },
  ],
  ['a membership on eth0 alone points nowhere', onPodNetworkAlone, undefined],
  [
    'on the host: the NIC that sees it, whatever is joined',
    (d) => {
      onHostNetwork(d);
      d.rx.flows = [];
      d.node.flows = [flow({ interface: 'eth1' })];
      d.rx.netns.memberships[0]!.interface = 'eth0';
    },
    { interface: 'eth1', by: 'node-nic' },
  ],
  [
    'on the host, nothing seen: the membership',
    (d) => {
      onHostNetwork(d);
      d.rx.flows = [];
      d.node.flows = [];
    },
    { interface: 'eth1', by: 'membership' },
  ],
])('%s', (_, patch, expected) => expect(caseOf(patch).expected).toEqual(expected));

test('a LAN’s flows are those that come in by a NIC', () => {
  const c = caseOf((d) => {
    d.node.flows = [
      flow({ interface: 'eth1' }),
      flow({ interface: 'eth1', direction: 'out' }),
      flow({ interface: 'cni0' }),
      flow({ interface: 'veth7' }),
      flow({ interface: 'gone0' }),
    ];
  });
  expect(lanFlows(c).map((f) => f.interface)).toEqual(['eth1']);
});

test('the parent: by the kernel’s index, else as the attachment says; never a veth’s peer', () => {
  expect(parentName(caseOf(), 'net1')).toBe('eth1');
  expect(parentName(caseOf(), 'eth0')).toBeUndefined();
  const renamed = caseOf((d) => {
    d.rx.netns.links[2]!.parentIndex = 2;
  });
  expect(parentName(renamed, 'net1')).toBe('eth0');
  const unseen = caseOf((d) => {
    d.missing.node = 'forbidden';
  });
  expect(parentName(unseen, 'net1')).toBe('eth1');
});
