import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/doctor/diagnosis.ts';
import type { Snapshot } from '../../src/facts/snapshot.ts';
import { diedAt } from '../../src/probe/died.ts';
import { HERE } from '../../src/probe/ends.ts';
import { type Hop, hopsOf } from '../../src/probe/hops.ts';
import { pod } from './measured.ts';

const MARKED = { group: '239.255.1.2', port: 20_001, sourcePort: 4000 };

/** `veth1 in 100`, of the sender that is looked for. */
function flow(text: string, more: object = {}): object {
  const [name, direction, packets] = text.split(' ');
  return {
    interface: name,
    direction,
    protocol: 17,
    destination: MARKED.group,
    destinationPort: MARKED.port,
    sourcePort: MARKED.sourcePort,
    packets: Number(packets),
    ...more,
  };
}

function observation(flows: readonly object[]): object {
  const kinds: Record<string, string> = { cni0: 'bridge', cilium_vxlan: 'vxlan' };
  const links = ['eth0', 'eth1', 'cni0', 'veth1', 'veth2', 'cilium_vxlan'].map((name, index) => ({
    name,
    index,
    flags: ['UP'],
    ...(name.startsWith('eth') ? {} : { kind: kinds[name] ?? 'veth' }),
  }));
  return { value: { netns: { links: { value: links }, addresses: { value: [] } }, look: { value: { flows } } } };
}

function snapshot(pods: Record<string, readonly object[]>, nodes: Record<string, readonly object[]>): Snapshot {
  return {
    targets: Object.entries(pods).map(([name, flows]) => ({
      name,
      namespace: 'video',
      observation: observation(flows),
    })),
    nodes: Object.entries(nodes).map(([name, flows]) => ({ name, observation: observation(flows) })),
  } as unknown as Snapshot;
}

const podEnd = (name: string, node: string) => ({
  ...pod(name, node),
  pod: { metadata: { name }, spec: { nodeName: node, containers: [] } },
});
const [tx, rx] = [podEnd('tx', 'node1'), podEnd('rx', 'node2')];

function seen(
  pods: Record<string, readonly object[]>,
  nodes: Record<string, readonly object[]>,
  to = rx,
): (string | number | null)[][] {
  return hopsOf(tx, to, [snapshot(pods, nodes)], MARKED).map(({ at, seen }) => [at, seen]);
}

describe('the hops of a path', () => {
  it('are the sender, its node, both NICs, the receiver’s node and the receiver', () => {
    const nodes = {
      node1: [flow('veth1 in 100'), flow('cni0 in 100'), flow('veth2 out 100'), flow('eth1 out 99')],
      node2: [flow('eth1 in 98'), flow('cni0 out 97'), flow('veth1 out 97')],
    };
    expect(seen({ 'pod/tx': [flow('eth0 out 100')], 'pod/rx': [flow('eth0 in 96')] }, nodes)).toEqual([
      ['pod/tx sends (eth0)', 100],
      ['node1, from the pod (veth1, cni0)', 100],
      ['node1, out by a NIC (eth1)', 99],
      ['node2, in by a NIC (eth1)', 98],
      ['node2, to the pod (cni0, veth1)', 97],
      ['pod/rx gets (eth0)', 96],
    ]);
  });

  it('speak of places: the LAN up to a NIC, the attachment behind it, the network alone within a node', () => {
    const places = (...ends: Parameters<typeof hopsOf>) => hopsOf(...ends).map(({ place }) => place);
    const within = podEnd('rx', 'node1');
    expect(places(tx, rx, [], MARKED)).toEqual(['sender', 'network', 'network', 'network', 'attachment', 'attachment']);
    expect(places(tx, within, [], MARKED)).toEqual(['sender', 'network', 'network', 'network']);
    expect(places(rx, HERE, [], MARKED)).toEqual(['sender', 'network', 'network', 'network']);
  });

  it('lead through a tunnel, where the network between nodes is one', () => {
    const nodes = {
      node1: [flow('veth1 in 100'), flow('cilium_vxlan out 100')],
      node2: [flow('cilium_vxlan in 100'), flow('veth1 out 0')],
    };
    expect(seen({ 'pod/tx': [flow('eth0 out 100')], 'pod/rx': [] }, nodes)).toEqual([
      ['pod/tx sends (eth0)', 100],
      ['node1, from the pod (veth1)', 100],
      ['node1, out by a NIC (cilium_vxlan)', 100],
      ['node2, in by a NIC (cilium_vxlan)', 100],
      ['node2, to the pod (veth1)', 0],
      ['pod/rx gets', 0],
    ]);
  });

  it('know no NIC within a node, and no node where there is none', () => {
    expect(seen({}, {}, podEnd('rx', 'node1')).map(([at]) => at)).toEqual([
      'pod/tx sends',
      'node1, from the pod',
      'node1, to the pod',
      'pod/rx gets',
    ]);
    const out = hopsOf(HERE, rx, [snapshot({ local: [flow('eth1 out 3')] }, {})], MARKED);
    expect(out.map(({ at, seen }) => [at, seen])).toEqual(
      [
        ['local sends', null],
        ['node2, in by a NIC', null],
        ['node2, to the pod', null],
        ['pod/rx gets', null],
      ].map(([at, n]) => (at === 'local sends' ? ['local sends (eth1)', 3] : [at, n])),
    );
  });

  it('count this sender’s datagrams alone', () => {
    const others = [
      flow('eth0 out 5', { sourcePort: 4001 }),
      flow('eth0 out 5', { destinationPort: 9 }),
      flow('eth0 out 5', { destination: '239.1.1.1' }),
      flow('eth0 out 5', { protocol: 2 }),
      flow('eth0 in 7'),
    ];
    expect(seen({ 'pod/tx': others }, {})[0]).toEqual(['pod/tx sends', 0]);
  });
});

function hops(...counts: (number | null)[]): Hop[] {
  return counts.map((count, index) => ({
    at: String(index),
    seen: count,
    place: index === 2 ? 'network' : 'receiver',
  }));
}

function where(...counts: (number | null)[]): [string | null, string | null] {
  const { after, before } = diedAt(hops(...counts), []);
  return [after, before];
}

describe('where datagrams are lost', () => {
  it('is the first hop without them, or with fewer', () => {
    expect(where(100, 100, 0, 0, 0)).toEqual(['1', '2']);
    expect(where(100, 100, 100, 60, 60)).toEqual(['2', '3']);
    expect(where(0, 0, 0)).toEqual([null, '0']);
    expect(where(100, 100, 100)).toEqual([null, null]);
  });

  it('is not a hop that is not on the way, or that nobody could look at', () => {
    expect(where(100, 0, 100, 0)).toEqual(['2', '3']);
    expect(where(100, null, 100, 0)).toEqual(['2', '3']);
    expect(where(100, null, null, 0)).toEqual(['0', '3']);
    expect(where(null, null, null)).toEqual([null, null]);
  });

  it('is not where looks began a little later', () => {
    expect(where(100, 97, 95, 99)).toEqual([null, null]);
    expect(where(100, 90)).toEqual(['0', '1']);
  });

  it('comes with the rules that speak of it, the root cause first', () => {
    const finding = (rule: string, stage: string, severity = 'error') => ({
      rule,
      stage,
      severity,
      detail: `about ${rule}`,
    });
    const diagnosis = (rootCause: string, findings: object[]) =>
      ({ target: { name: 'pod/rx' }, rootCause, findings }) as unknown as Diagnosis;
    const { at, findings } = diedAt(hops(9, 9, 0, 0), [
      diagnosis('b', [
        finding('a', 'network'),
        finding('b', 'network'),
        finding('c', 'socket'),
        finding('d', 'network', 'warning'),
        finding('no-secondary-network', 'attachment'),
        finding('parent-down', 'node'),
      ]),
      diagnosis('a', [finding('b', 'network')]),
    ]);
    expect(at).toBe('network');
    expect(findings).toEqual([
      { rule: 'b', detail: 'about b', target: 'pod/rx' },
      { rule: 'a', detail: 'about a', target: 'pod/rx' },
      { rule: 'no-secondary-network', detail: 'about no-secondary-network', target: 'pod/rx' },
    ]);
  });
});
