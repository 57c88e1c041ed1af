import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIptablesSave } from '../../../src/facts/firewall/iptables-save.ts';
import { fixture } from './fixture.ts';

const nft = parseIptablesSave(fixture('iptables-nft-save.txt'), 'ip');
const legacy = parseIptablesSave(fixture('iptables-legacy-save.txt'), 'ip');
const six = parseIptablesSave(fixture('ip6tables-nft-save.txt'), 'ip6');

const rule = (text: string) =>
  parseIptablesSave(`*filter\n:INPUT ACCEPT [0:0]\n:MCAST - [0:0]\n${text}\nCOMMIT\n`, 'ip').rules[0];
const matches = (text: string) => rule(`-A INPUT ${text} -j DROP`)?.matches;

test('the back end is told by the heading', () => {
  expect(nft.tool).toBe('iptables-nft');
  expect(legacy.tool).toBe('iptables-legacy');
});

test('base chains have hook, priority and policy', () => {
  const base = nft.chains.filter((chain) => chain.hook !== undefined);
  expect(base.map((chain) => `${chain.table} ${chain.hook} ${chain.priority} ${chain.policy}`).sort()).toEqual([
    'filter forward 0 drop',
    'filter input 0 drop',
    'filter output 0 accept',
    'mangle forward -150 accept',
    'mangle input -150 accept',
    'mangle output -150 accept',
    'mangle postrouting -150 accept',
    'mangle prerouting -150 accept',
    'nat input 100 accept',
    'nat output -100 accept',
    'nat postrouting 100 accept',
    'nat prerouting -100 accept',
    'raw output -300 accept',
    'raw prerouting -300 accept',
  ]);
  expect(nft.chains.find((chain) => chain.name === 'MCAST')).toEqual({ family: 'ip', table: 'filter', name: 'MCAST' });
});

test('both back ends list the same rules', () => {
  const key = (one: { table: string; chain: string; number: number }) => `${one.table} ${one.chain} ${one.number}`;
  const sorted = (list: typeof nft.rules) => [...list].sort((a, b) => key(a).localeCompare(key(b)));
  expect(sorted(legacy.rules)).toEqual(sorted(nft.rules));
  expect(nft.rules).toHaveLength(23);
});

test('a rule is read with its text, number and counters', () => {
  expect(nft.rules.find((one) => one.chain === 'MCAST' && one.number === 2)).toEqual({
    family: 'ip',
    table: 'filter',
    chain: 'MCAST',
    number: 2,
    text: '-A MCAST -d 239.1.2.3/32 -i net1 -p udp -m udp --dport 5007 -j ACCEPT',
    packets: 0,
    bytes: 0,
    matches: [
      { kind: 'destination', prefixes: ['239.1.2.3/32'] },
      { kind: 'input', interfaces: ['net1'] },
      { kind: 'protocol', protocols: [17] },
      { kind: 'destination-port', ranges: [[5007, 5007]] },
    ],
    verdict: 'accept',
  });
  expect(rule('[12:3456] -A INPUT -j DROP')).toMatchObject({ packets: 12, bytes: 3456, verdict: 'drop', matches: [] });
  expect(rule('-A INPUT -j DROP')).not.toHaveProperty('packets');
});

test.each([
  ['! -s 10.0.0.0/8', [{ kind: 'source', prefixes: ['10.0.0.0/8'], invert: true }]],
  ['-d 239.1.2.3', [{ kind: 'destination', prefixes: ['239.1.2.3/32'] }]],
  ['-i eth+', [{ kind: 'input', interfaces: ['eth*'] }]],
  ['! -o lo', [{ kind: 'output', interfaces: ['lo'], invert: true }]],
  ['-p igmp', [{ kind: 'protocol', protocols: [2] }]],
  ['-m addrtype --dst-type MULTICAST', [{ kind: 'destination-type', type: 'multicast' }]],
  ['-m pkttype ! --pkt-type multicast', [{ kind: 'packet-type', type: 'multicast', invert: true }]],
  ['-m conntrack --ctstate RELATED,ESTABLISHED', [{ kind: 'state', states: ['related', 'established'] }]],
  ['-m state --state NEW', [{ kind: 'state', states: ['new'] }]],
  [
    '-p udp -m multiport --dports 5000,6000:6100',
    [
      { kind: 'protocol', protocols: [17] },
      {
        kind: 'destination-port',
        ranges: [
          [5000, 5000],
          [6000, 6100],
        ],
      },
    ],
  ],
  [
    '-p udp -m udp --sport 1024:',
    [
      { kind: 'protocol', protocols: [17] },
      { kind: 'source-port', ranges: [[1024, 65535]] },
    ],
  ],
  ['-m iprange --dst-range 239.9.0.4-239.9.0.7', [{ kind: 'destination', prefixes: ['239.9.0.4/30'] }]],
  ['-m comment --comment "-s 10.0.0.1 -j ACCEPT"', []],
  ['-m u32 --u32 "0x0&0xffff=0x2"', [{ kind: 'other', text: '-m u32 --u32 0x0&0xffff=0x2' }]],
  ['-m set ! --match-set groups dst', [{ kind: 'other', text: '-m set ! --match-set groups dst' }]],
  [
    '-m socket -p udp',
    [
      { kind: 'other', text: '-m socket' },
      { kind: 'protocol', protocols: [17] },
    ],
  ],
  ['-d 10.0.0.1/255.0.0.255', [{ kind: 'other', text: '-d 10.0.0.1/255.0.0.255' }]],
  ['-f', [{ kind: 'other', text: '-f' }]],
  [
    '-p tcp -m tcp --tcp-flags SYN,RST SYN -d 10.0.0.1/32',
    [
      { kind: 'protocol', protocols: [6] },
      { kind: 'other', text: '--tcp-flags SYN,RST SYN' },
      { kind: 'destination', prefixes: ['10.0.0.1/32'] },
    ],
  ],
])('%s', (text, expected) => {
  expect(matches(text)).toEqual(expected);
});

test.each([
  ['-j MCAST', { verdict: 'jump', target: 'MCAST' }],
  ['-g MCAST', { verdict: 'goto', target: 'MCAST' }],
  ['-j REJECT --reject-with icmp-port-unreachable', { verdict: 'reject' }],
  ['-j RETURN', { verdict: 'return' }],
  ['-j CT --notrack', { verdict: 'other', target: 'NOTRACK' }],
  ['-j NFQUEUE --queue-num 1', { verdict: 'other', target: 'NFQUEUE' }],
  ['-m comment --comment note', { verdict: 'continue' }],
])('%s', (text, expected) => {
  expect(rule(`-A INPUT ${text}`)).toMatchObject(expected);
});

test('a chain is known to its own table only', () => {
  const text = '*nat\n:MCAST - [0:0]\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j MCAST\nCOMMIT\n';
  expect(parseIptablesSave(text, 'ip').rules[0]).toMatchObject({ verdict: 'other', target: 'MCAST' });
});

test('ip6tables: message types are numbers', () => {
  expect(six.rules.map((one) => one.matches.filter((match) => match.kind === 'message-type'))).toEqual([
    [],
    [{ kind: 'message-type', ranges: [[130, 130]] }],
    [{ kind: 'message-type', ranges: [[134, 134]] }],
    [],
    [],
    [{ kind: 'message-type', ranges: [[143, 143]] }],
  ]);
  expect(six.rules[4]?.matches.at(-1)).toEqual({ kind: 'other', text: '-m hl --hl-eq 1' });
});

test('nothing that is printed makes it throw', () => {
  const word = fc.oneof(
    fc.constantFrom(
      '*filter',
      ':INPUT DROP [0:0]',
      '-A INPUT',
      '-s',
      '!',
      '-m',
      '-p',
      '--dport',
      '-j',
      '"',
      '\n',
      '[1:2]',
      'COMMIT',
      '-A',
      ':',
    ),
    fc.string(),
  );
  fc.assert(fc.property(fc.array(word), (words) => void parseIptablesSave(words.join(' '), 'ip')));
  fc.assert(
    fc.property(
      fc.array(word),
      (words) => void parseIptablesSave(`*filter\n:INPUT DROP\n-A INPUT ${words.join(' ')}`, 'ip'),
    ),
  );
});
