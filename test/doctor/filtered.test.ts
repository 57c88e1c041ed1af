import { expect, test } from 'vitest';
import { dataStopped, membershipStopped } from '../../src/doctor/filtered.ts';
import { openFirewall } from '../../src/doctor/open-firewall.ts';
import { drops } from './firewall.ts';
import { asksForIpv6, onHostNetwork, sends } from './roles.ts';
import { caseOf, type Draft, type Patch } from './snapshot.ts';

const GROUP = { kind: 'destination', prefixes: ['239.0.0.0/8'] } as const;
const UNKNOWN = { kind: 'other', text: '-m u32' } as const;

const groupDropped: Patch = (d) => drops(d, 'input', [GROUP], '-A INPUT -d 239.0.0.0/8 -j DROP', 7);

/** The chain's policy drops what no rule accepts. */
function policy(d: Draft, hook: 'input' | 'output'): void {
  drops(d, hook, [], 'x');
  d.rx.netns.firewall.rules = [];
  d.rx.netns.firewall.chains = d.rx.netns.firewall.chains.map((chain) => ({ ...chain, policy: 'drop' }));
}

test('a rule that drops the group on its way in, with what met it meanwhile', () => {
  expect(dataStopped(caseOf(), 'in')).toBeUndefined();
  expect(dataStopped(caseOf(groupDropped), 'in')).toMatchObject({
    by: { kind: 'rule', rule: { chain: 'INPUT', number: 1 } },
    datagram: { destination: '239.10.20.30', destinationPort: 6000, source: '10.50.0.9', inputInterface: 'net1' },
    moved: 7,
  });
  expect(dataStopped(caseOf(groupDropped), 'out')).toBeUndefined();
});

test.each<[string, Patch]>([
  ['another group', (d) => drops(d, 'input', [{ kind: 'destination', prefixes: ['239.99.0.0/16'] }], 'x')],
  ['another port', (d) => drops(d, 'input', [{ kind: 'destination-port', ranges: [[7000, 7001]] }], 'x')],
  ['another interface', (d) => drops(d, 'input', [{ kind: 'input', interfaces: ['eth0'] }], 'x')],
  ['another source', (d) => drops(d, 'input', [{ kind: 'source', prefixes: ['10.99.0.0/16'] }], 'x')],
  [
    'what could not be listed',
    (d) => {
      groupDropped(d);
      d.missing.firewall = 'EPERM';
    },
  ],
])('a rule about %s stops nothing', (_, patch) => expect(dataStopped(caseOf(patch), 'in')).toBeUndefined());

test('a condition that is not understood stops only when its counter moves', () => {
  const with_ = (packets: number) =>
    dataStopped(
      caseOf((d) => drops(d, 'input', [GROUP, UNKNOWN], 'x', packets)),
      'in',
    );
  expect(with_(0)).toBeUndefined();
  expect(with_(3)).toMatchObject({ moved: 3 });
});

test('a policy, and what a sender sends', () => {
  expect(
    dataStopped(
      caseOf((d) => policy(d, 'input')),
      'in',
    ),
  ).toMatchObject({ by: { kind: 'policy' } });
  const sender = caseOf((d) => {
    sends(d);
    drops(d, 'output', [GROUP], '-A OUTPUT -d 239.0.0.0/8 -j DROP');
  });
  expect(dataStopped(sender, 'out')).toMatchObject({ datagram: { hook: 'output', outputInterface: 'net1' } });
});

test('reports that may not leave, and queries that may not come', () => {
  const igmp = { kind: 'protocol', protocols: [2] } as const;
  const stopped = (hook: 'input' | 'output') => membershipStopped(caseOf((d) => drops(d, hook, [igmp], 'x')));
  expect(stopped('output')?.datagram).toMatchObject({
    destination: '224.0.0.22',
    outputInterface: 'net1',
    messageType: 0x22,
  });
  expect(stopped('input')?.datagram).toMatchObject({
    destination: '224.0.0.1',
    inputInterface: 'net1',
    messageType: 0x11,
  });
  expect(membershipStopped(caseOf(groupDropped))).toBeUndefined();
});

test('an IPv4 rule says nothing of MLD', () => {
  const mixed = caseOf((d) => {
    asksForIpv6(d);
    policy(d, 'output');
  });
  expect(membershipStopped(mixed)).toBeUndefined();
});

test('the way to open it: in the pod’s namespace from its node, on the node itself, else by people', () => {
  const fixes = (patch: Patch) => {
    const c = caseOf((d) => {
      groupDropped(d);
      patch(d);
    });
    return openFirewall(c, dataStopped(c, 'in')!, 'the group');
  };
  const [inPod] = fixes(() => {});
  expect(inPod).toMatchObject({ kind: 'node', node: 'node1' });
  expect(inPod?.kind === 'node' && inPod.run.split('\n')).toEqual([
    'pid=$({ cat /run/containerd/*/k8s.io/c1/init.pid || grep -l c1 /proc/[0-9]*/cgroup; } 2>/dev/null | head -n 1 | tr -dc 0-9)',
    expect.stringMatching(
      /^nsenter -t "\$pid" -n iptables -I INPUT 1 -i net1 -d 239\.10\.20\.30\/32 -p udp --dport 6000 -j ACCEPT$/,
    ),
  ]);
  const [onNode] = fixes((d) => {
    onHostNetwork(d);
    groupDropped(d);
  });
  expect(onNode?.kind === 'node' && onNode.run).toMatch(/^iptables -I INPUT 1 -i eth1/);
  expect(
    fixes((d) => {
      d.pod.containers[0]!.state = 'waiting';
    })[0],
  ).toMatchObject({ kind: 'advice', on: 'application' });
});
