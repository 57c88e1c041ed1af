import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/parent-down.ts';
import { ask, type Draft, link } from '../snapshot.ts';

const DARK = ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP'];

function parentOff(d: Draft): void {
  Object.assign(d.node.netns.links[2]!, { flags: ['BROADCAST', 'MULTICAST'], operstate: 'down' });
  Object.assign(d.rx.netns.links[2]!, { flags: DARK, operstate: 'lowerlayerdown' });
  d.rx.flows = [];
  d.node.flows = [];
}

test('sets a parent up that somebody set down', () => {
  const { finding } = ask(rule, parentOff);
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toBe('node/node1 eth1 is down');
  expect(finding?.evidence.map((e) => e.at)).toEqual(['pod/rx net1', 'node/node1 eth1']);
  expect(finding?.fixes).toMatchObject([{ kind: 'node', run: 'ip link set eth1 up', undo: 'ip link set eth1 down' }]);
});

test('a VLAN needs its NIC first', () => {
  const { finding } = ask(rule, (d) => {
    parentOff(d);
    d.node.netns.links.push(
      link('eth1.7', 12, { kind: 'vlan', parentIndex: 3, flags: ['BROADCAST'], operstate: 'down' }),
    );
    d.rx.netns.links[2]!.parentIndex = 12;
  });
  expect(finding?.fixes.map((f) => (f.kind === 'node' ? f.run : f.kind))).toEqual([
    'ip link set eth1 up',
    'ip link set eth1.7 up',
  ]);
});

test('a NIC without carrier is for people', () => {
  const { finding } = ask(rule, (d) => {
    parentOff(d);
    d.node.netns.links[2]!.flags = DARK;
  });
  expect(finding?.title).toBe('node/node1 eth1 is without carrier');
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['advice']);
});

test('is known from the pod alone where the node could not be read', () => {
  const { finding } = ask(rule, (d) => {
    parentOff(d);
    d.missing.node = 'node pods are forbidden';
  });
  expect(finding?.fixes).toMatchObject([{ kind: 'node', run: 'ip link set eth1 up' }]);
});

test('an interface that was set down in the pod needs the pod created anew', () => {
  const { finding } = ask(rule, (d) => {
    Object.assign(d.rx.netns.links[2]!, { flags: ['BROADCAST', 'MULTICAST'], operstate: 'down' });
    d.rx.flows = [];
  });
  expect(finding?.title).toBe('pod/rx net1 is down');
  expect(finding?.fixes).toEqual([{ kind: 'recreate' }]);
});

test('is silent when all is up, and about interfaces that do not carry the group', () => {
  expect(ask(rule).outcome).toBe('pass');
  expect(
    ask(rule, (d) => {
      d.node.netns.links[1]!.operstate = 'down';
    }).outcome,
  ).toBe('pass');
});

test('a program of the node that joined on every interface does its work on those that are up', () => {
  const onNode = (d: Draft, members: string[]) => {
    d.targetIsNode = true;
    d.rx = { ...d.node, flows: [], netns: { ...d.node.netns } };
    d.node.flows = [];
    d.rx.netns.links = d.node.netns.links.map((l) => (l.name === 'eth1' ? { ...l, flags: DARK } : l));
    d.rx.netns.memberships = members.map((name) => ({ family: 4, interface: name, group: '239.10.20.30', users: 1 }));
  };
  expect(ask(rule, (d) => onNode(d, ['eth1', 'eth0'])).outcome).toBe('pass');
  expect(ask(rule, (d) => onNode(d, ['eth1'])).outcome).toBe('fail');
});

/** net1 hangs on a bridge of the node. */
const bridged = (flags: { readonly bridge?: readonly string[]; readonly port?: readonly string[] }) => (d: Draft) => {
  const own = flags.port === undefined ? {} : { flags: DARK, operstate: 'lowerlayerdown' };
  d.rx.netns.links[2] = link('net1', 3, { kind: 'veth', parentIndex: 21, parentNetns: 0, ...own });
  const state = (own: readonly string[] | undefined) =>
    own === undefined ? {} : { flags: own, operstate: 'down' as const };
  d.node.netns.links.push(
    link('br-cam', 20, { kind: 'bridge', ...state(flags.bridge) }),
    link('veth1', 21, { kind: 'veth', parentIndex: 3, parentNetns: 1, masterIndex: 20, ...state(flags.port) }),
  );
  d.rx.flows = [];
  d.node.flows = [];
};

test.each([
  ['the bridge', { bridge: ['BROADCAST'] }, 'ip link set br-cam up'],
  [
    'the port of the pod, and the bridge without carrier for that',
    { bridge: DARK, port: ['BROADCAST'] },
    'ip link set veth1 up',
  ],
])('sets %s up', (_, flags, run) => {
  const { finding } = ask(rule, bridged(flags));
  expect(finding?.fixes).toMatchObject([{ kind: 'node', run }]);
});

test('a bridge that is up is no fault', () => {
  expect(ask(rule, bridged({})).outcome).toBe('pass');
});
