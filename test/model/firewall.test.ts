import { expect, test } from 'vitest';
import { parseIptablesSave } from '../../src/facts/firewall/iptables-save.ts';
import { parseNft } from '../../src/facts/firewall/nft.ts';
import { type Datagram, verdicts } from '../../src/model/firewall.ts';
import { fixture } from '../facts/firewall/fixture.ts';

const real = parseIptablesSave(fixture('iptables-nft-save.txt'), 'ip');
const native = parseNft(JSON.parse(fixture('nft-native.json')));

const stream: Datagram = {
  family: 4,
  hook: 'input',
  source: '10.0.0.9',
  destination: '239.1.2.3',
  inputInterface: 'net1',
  protocol: 17,
  sourcePort: 4000,
  destinationPort: 5007,
};
const query: Datagram = {
  family: 4,
  hook: 'input',
  source: '10.0.0.1',
  destination: '224.0.0.1',
  inputInterface: 'net1',
  protocol: 2,
  messageType: 0x11,
};

/** A filter table with these rules. */
function filter(policy: string, ...rules: string[]) {
  return parseIptablesSave(
    ['*filter', `:INPUT ${policy} [0:0]`, ':OUTPUT ACCEPT [0:0]', ':A - [0:0]', ':B - [0:0]', ...rules, 'COMMIT'].join(
      '\n',
    ),
    'ip',
  );
}

test('the stream is accepted by its rule, another port falls to the policy', () => {
  expect(verdicts(real, stream).outcome).toBe('accept');
  expect(verdicts(real, stream).path.map((step) => step.rule.text)).toEqual([
    '-A INPUT -m addrtype --dst-type MULTICAST -g MCAST',
    '-A MCAST -d 239.1.2.3/32 -i net1 -p udp -m udp --dport 5007 -j ACCEPT',
  ]);
  expect(verdicts(real, { ...stream, destinationPort: 5008 })).toMatchObject({
    outcome: 'drop',
    by: { kind: 'policy', chain: { name: 'INPUT' } },
  });
});

test('a rule that drops is named', () => {
  expect(verdicts(real, { ...stream, inputInterface: 'eth1' })).toMatchObject({
    outcome: 'drop',
    by: { kind: 'rule', rule: { chain: 'MCAST', number: 1 } },
  });
  expect(verdicts(real, { ...stream, source: '172.31.9.9', destinationPort: 9 })).toMatchObject({ outcome: 'drop' });
});

test('IGMP: queries come in, reports do not go out', () => {
  expect(verdicts(real, query).outcome).toBe('accept');
  const { inputInterface: _, ...rest } = query;
  const report: Datagram = {
    ...rest,
    hook: 'output',
    destination: '224.0.0.22',
    outputInterface: 'net1',
    messageType: 0x22,
  };
  expect(verdicts(real, report)).toMatchObject({
    outcome: 'drop',
    by: { rule: { text: '-A OUTPUT -p igmp -j DROP' } },
  });
});

test('a condition that is not understood makes it perhaps', () => {
  const perhaps = filter('ACCEPT', '-A INPUT -m u32 --u32 "0x0=0x2" -j DROP');
  expect(verdicts(perhaps, stream)).toMatchObject({
    outcome: 'maybe-drop',
    by: { rule: { number: 1 } },
    path: [{ certain: false }],
  });
  expect(
    verdicts(filter('ACCEPT', '-A INPUT -m u32 --u32 "0x0=0x2" -j DROP', '-A INPUT -j DROP'), stream),
  ).toMatchObject({ outcome: 'drop', by: { rule: { number: 2 } } });
  expect(verdicts(filter('DROP', '-A INPUT -m set --match-set ok dst -j ACCEPT'), stream)).toMatchObject({
    outcome: 'maybe-drop',
    by: { kind: 'policy' },
  });
  expect(verdicts(filter('ACCEPT', '-A INPUT -j NFQUEUE --queue-num 1'), stream).outcome).toBe('maybe-drop');
  expect(verdicts(filter('DROP', '-A INPUT -m u32 --u32 "0x0=0x2" -d 10.0.0.0/8 -j ACCEPT'), stream).outcome).toBe(
    'drop',
  );
});

test('jump comes back, goto does not, return leaves the chain', () => {
  expect(
    verdicts(filter('ACCEPT', '-A INPUT -j A', '-A INPUT -j DROP', '-A A -j RETURN', '-A A -j ACCEPT'), stream),
  ).toMatchObject({ outcome: 'drop', by: { rule: { number: 2 } } });
  expect(
    verdicts(filter('ACCEPT', '-A INPUT -g A', '-A INPUT -j DROP', '-A A -d 10.0.0.1 -j DROP'), stream).outcome,
  ).toBe('accept');
  expect(
    verdicts(
      filter('ACCEPT', '-A INPUT -j A', '-A INPUT -j DROP', '-A A -g B', '-A A -j ACCEPT', '-A B -j MARK --set-mark 1'),
      stream,
    ).outcome,
  ).toBe('drop');
});

test('chains that jump in circles end', () => {
  const circles = [
    '-A INPUT -j A',
    ...['A', 'B'].flatMap((name) => Array(30).fill(`-A ${name} -j A\n-A ${name} -j B`) as string[]),
  ];
  expect(verdicts(filter('DROP', ...circles), stream).outcome).toBe('maybe-drop');
});

test('a stream to a group is new for ever, and unknown parts of a datagram leave both ways open', () => {
  const answersOnly = filter('DROP', '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT');
  expect(verdicts(answersOnly, stream).outcome).toBe('drop');
  expect(verdicts(answersOnly, { ...stream, destination: '10.50.0.200' }).outcome).toBe('maybe-drop');
  const { source: _, ...anySource } = stream;
  expect(verdicts(filter('ACCEPT', '-A INPUT ! -s 10.0.0.0/8 -j DROP'), anySource).outcome).toBe('maybe-drop');
});

test('MLD is not tracked: neither new nor invalid', () => {
  const accepting = (state: string) =>
    parseIptablesSave(`*filter\n:INPUT DROP [0:0]\n-A INPUT -m conntrack --ctstate ${state} -j ACCEPT\nCOMMIT`, 'ip6');
  const message: Datagram = {
    family: 6,
    hook: 'input',
    source: 'fe80::1',
    destination: 'ff02::1',
    protocol: 58,
    messageType: 130,
  };
  expect(verdicts(accepting('UNTRACKED'), message).outcome).toBe('accept');
  expect(verdicts(accepting('NEW,INVALID'), message).outcome).toBe('drop');
  const { messageType: _, ...some } = message;
  expect(verdicts(accepting('UNTRACKED'), some).outcome).toBe('maybe-drop');
});

test('exemption from tracking is remembered from prerouting', () => {
  const rules = [
    '*raw',
    ':PREROUTING ACCEPT [0:0]',
    '-A PREROUTING -d 239.0.0.0/8 -j CT --notrack',
    'COMMIT',
    '*filter',
    ':INPUT DROP [0:0]',
    '-A INPUT -m conntrack --ctstate NEW -j ACCEPT',
    'COMMIT',
  ];
  expect(verdicts(parseIptablesSave(rules.join('\n'), 'ip'), stream).outcome).toBe('drop');
});

test('nft: maps, sets and both families in one table', () => {
  expect(verdicts(native, stream).outcome).toBe('accept');
  expect(verdicts(native, { ...stream, destinationPort: 6000, destination: '239.7.0.9' })).toMatchObject({
    outcome: 'accept',
  });
  expect(verdicts(native, { ...stream, destinationPort: 7000 })).toMatchObject({
    outcome: 'drop',
    by: { kind: 'policy', chain: { table: 'fw' } },
  });
  const listener: Datagram = {
    family: 6,
    hook: 'input',
    source: 'fe80::1',
    destination: 'ff02::1',
    inputInterface: 'net1',
    protocol: 58,
    messageType: 130,
  };
  expect(verdicts(native, listener).outcome).toBe('accept');
  expect(verdicts(native, { ...listener, hook: 'output', destination: 'ff02::16', messageType: 143 })).toMatchObject({
    outcome: 'drop',
    by: { rule: { chain: 'output' } },
  });
  expect(verdicts(native, { ...stream, hook: 'forward' }).outcome).toBe('accept');
});

const DROP = { number: 1, text: 'ip daddr 239.0.0.0/8 drop', verdict: 'drop' as const };
const ANY_GROUP = [{ kind: 'destination' as const, prefixes: ['239.0.0.0/8'] }];

test('ingress: the chains of the interface, also where the listing does not say whose they are', () => {
  const chain = { family: 'netdev' as const, table: 'g', name: 'in', hook: 'ingress' as const, priority: 0 };
  const ofNet1 = {
    tool: 'nft',
    chains: [{ ...chain, devices: ['net1'] }],
    rules: [{ ...DROP, family: 'netdev' as const, table: 'g', chain: 'in', matches: ANY_GROUP }],
  };
  const arriving: Datagram = { ...stream, hook: 'ingress' };
  expect(verdicts(ofNet1, arriving).outcome).toBe('drop');
  expect(verdicts(ofNet1, { ...arriving, inputInterface: 'eth0' }).outcome).toBe('accept');
  expect(verdicts({ ...ofNet1, chains: [chain] }, { ...arriving, inputInterface: 'eth0' }).outcome).toBe('drop');
  expect(verdicts(ofNet1, stream).outcome).toBe('accept');
});

test('a frame within a bridge meets the chains of family bridge alone, and no connection tracking', () => {
  const matches = [...ANY_GROUP, { kind: 'state' as const, states: ['new'] }];
  const firewall = {
    tool: 'nft',
    chains: [{ family: 'bridge' as const, table: 'b', name: 'f', hook: 'forward' as const, priority: 0 }],
    rules: [{ ...DROP, family: 'bridge' as const, table: 'b', chain: 'f', matches }],
  };
  const bridged: Datagram = { ...stream, hook: 'forward', bridged: true };
  expect(verdicts(firewall, bridged).outcome).toBe('maybe-drop');
  expect(verdicts(firewall, { ...bridged, bridged: false }).outcome).toBe('accept');
  expect(verdicts(filter('DROP'), { ...bridged, hook: 'input' }).outcome).toBe('accept');
});
