import { expect, test } from 'vitest';
import { attachmentsOf } from '../../src/doctor/attachment.ts';
import { NETWORKS_ANNOTATION } from '../../src/model/nad.ts';
import { sends } from './roles.ts';
import { caseOf, flow, type Patch, snapshot } from './snapshot.ts';

test('a healthy receiver: what arrives, where it is a member, from whom, to which port', () => {
  const c = caseOf();
  expect(c).toMatchObject({ role: 'receiver', onHost: false, primary: 'eth0', sources: ['10.50.0.9'], ports: [6000] });
  expect(c.arrivals).toHaveLength(1);
  expect(c.sightings).toHaveLength(1);
  expect(c.departures).toEqual([]);
  expect(c.memberships.map((m) => m.interface)).toEqual(['net1']);
});

test.each<[string, Patch]>([
  ['receiver', () => {}],
  ['sender', (d) => sends(d)],
  ['both', (d) => void d.rx.flows.push(flow({ direction: 'out', source: '10.50.0.21' }))],
  [
    'none',
    (d) => {
      d.rx.netns.memberships = [];
    },
  ],
])('role %s', (role, patch) => expect(caseOf(patch).role).toBe(role));

test('what other namespaces send through the same interface is nothing that the target sends', () => {
  const c = caseOf((d) => void d.rx.flows.push(flow({ direction: 'out', source: '10.99.0.1' })));
  expect(c.departures).toEqual([]);
});

test('the source that was asked about counts, by itself; one of the other family does not', () => {
  const asked = (source: string) =>
    caseOf((d) => {
      d.source = source;
    }).sources;
  expect(asked('10.9.9.9')).toEqual(['10.9.9.9']);
  expect(asked('2001:db8::1')).toEqual(['10.50.0.9']);
});

test('sources of another port are somebody else’s, unless nobody sends to this one', () => {
  const foreign = flow({ source: '10.50.0.66', destinationPort: 7000 });
  expect(caseOf((d) => void d.rx.flows.push(foreign)).sources).toEqual(['10.50.0.9']);
  const alone = caseOf((d) => {
    d.rx.flows = [foreign];
    d.node.flows = [];
  });
  expect(alone.sources).toEqual(['10.50.0.66']);
});

test('ports are those seen when none was asked about', () => {
  const c = caseOf((d) => {
    d.group = '239.10.20.30';
    d.rx.flows.push(flow({ destinationPort: 7000 }), flow({ protocol: 2, destinationPort: 1 }));
  });
  expect(c.ports).toEqual([6000, 7000]);
});

test('a pod with hostNetwork, and a node, live in the node’s namespace', () => {
  expect(
    caseOf((d) => {
      d.pod.hostNetwork = true;
    }).onHost,
  ).toBe(true);
  expect(
    caseOf((d) => {
      d.targetIsNode = true;
    }),
  ).toMatchObject({ onHost: true, pod: undefined, attachments: [] });
});

test('views of what could not be read are empty, never made up', () => {
  const c = caseOf((d) => {
    d.missing.observation = 'forbidden';
    d.missing.node = 'forbidden';
  });
  expect([c.ns, c.nodeNs].map((ns) => [ns.links, ns.routes, ns.memberships, ns.sockets])).toEqual(
    Array(2).fill([[], [], [], []]),
  );
  expect(c.role).toBe('none');
});

test('attachments: what was asked for, the object, its configuration, the report and the interface', () => {
  const [attachment] = caseOf().attachments;
  expect(attachment).toMatchObject({
    selection: { namespace: 'video', name: 'mcast', interface: 'net1' },
    nad: { name: 'mcast' },
    config: { type: 'macvlan', master: 'eth1' },
    status: { interface: 'net1' },
    link: { name: 'net1' },
  });
});

test('one network twice: each report belongs to its interface', () => {
  const made = snapshot();
  const pod = caseOf((d) => {
    d.pod.annotations[NETWORKS_ANNOTATION] = 'mcast@a,mcast@b,gone';
    d.pod.status = ['b', 'a'].map((name) => ({ name: 'video/mcast', interface: name, ips: [name], default: false }));
  }).pod!;
  const list = attachmentsOf(made, pod, []);
  expect(list.map((a) => [a.selection.interface, a.status?.ips, a.nad?.name])).toEqual([
    ['a', ['a'], 'mcast'],
    ['b', ['b'], 'mcast'],
    ['net3', undefined, undefined],
  ]);
});

test('an annotation that cannot be read gives none', () => {
  const c = caseOf((d) => {
    d.pod.annotations[NETWORKS_ANNOTATION] = '[{';
  });
  expect(c.attachments).toEqual([]);
});
