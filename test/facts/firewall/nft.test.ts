import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseNft } from '../../../src/facts/firewall/nft.ts';
import { fixture } from './fixture.ts';

const native = parseNft(JSON.parse(fixture('nft-native.json')));
const rules = (chain: string) => native.rules.filter((rule) => rule.chain === chain);
const read = (...expr: unknown[]) =>
  parseNft({ nftables: [{ rule: { family: 'inet', table: 't', chain: 'c', handle: 1, expr } }] }).rules;

test('chains have hook, priority and policy', () => {
  expect(native.chains.filter((chain) => chain.family === 'inet')).toEqual([
    { family: 'inet', table: 'fw', name: 'mcast' },
    { family: 'inet', table: 'fw', name: 'pre', hook: 'prerouting', priority: -300, policy: 'accept' },
    { family: 'inet', table: 'fw', name: 'input', hook: 'input', priority: 10, policy: 'drop' },
    { family: 'inet', table: 'fw', name: 'output', hook: 'output', priority: 0, policy: 'accept' },
  ]);
});

test('named sets are looked up, ports imply their protocol', () => {
  expect(rules('mcast')[0]).toEqual({
    family: 'inet',
    table: 'fw',
    chain: 'mcast',
    number: 1,
    handle: 9,
    text: 'ip daddr @groups udp dport { 5007, 6000-6100 } counter accept',
    packets: 0,
    bytes: 0,
    matches: [
      {
        kind: 'destination',
        prefixes: ['239.1.0.0/16', '239.7.0.1/32', '239.7.0.2/31', '239.7.0.4/30', '239.7.0.8/31'],
      },
      { kind: 'protocol', protocols: [17] },
      {
        kind: 'destination-port',
        ranges: [
          [5007, 5007],
          [6000, 6100],
        ],
      },
    ],
    verdict: 'accept',
  });
  expect(rules('mcast').map((rule) => rule.text)).toEqual([
    'ip daddr @groups udp dport { 5007, 6000-6100 } counter accept',
    'iifname eth* drop',
    'ip6 daddr ff15::/16 udp dport 5007 accept',
    'ip daddr @empty drop',
    'return',
  ]);
});

test('an empty set matches nothing, in its own family', () => {
  expect(rules('mcast')[3]?.matches).toEqual([
    { kind: 'destination', prefixes: ['0.0.0.0/0'] },
    { kind: 'destination', prefixes: [] },
  ]);
});

test('a verdict map gives a rule for each verdict, under one number', () => {
  const map = rules('input').filter((rule) => rule.number === 2);
  expect(map.map((rule) => [rule.matches, rule.verdict])).toEqual([
    [[{ kind: 'state', states: ['invalid'] }], 'drop'],
    [[{ kind: 'state', states: ['established'] }], 'accept'],
    [[{ kind: 'state', states: ['related'] }], 'accept'],
  ]);
  const named = rules('input').filter((rule) => rule.number === 5);
  expect(named.map((rule) => [rule.matches.at(-1), rule.verdict, rule.target])).toEqual([
    [{ kind: 'destination-port', ranges: [[5007, 5007]] }, 'accept', undefined],
    [{ kind: 'destination-port', ranges: [[6000, 6000]] }, 'jump', 'mcast'],
  ]);
  expect(named[0]?.matches[0]).toEqual({ kind: 'packet-type', type: 'multicast' });
});

test.each([
  [
    'input',
    3,
    [
      { kind: 'destination', prefixes: ['0.0.0.0/0'] },
      { kind: 'protocol', protocols: [2] },
    ],
  ],
  [
    'input',
    4,
    [
      { kind: 'protocol', protocols: [58] },
      {
        kind: 'message-type',
        ranges: [
          [130, 130],
          [131, 131],
          [135, 135],
        ],
      },
    ],
  ],
  [
    'input',
    6,
    [
      { kind: 'destination-type', type: 'multicast' },
      { kind: 'other', text: 'meta mark 16' },
    ],
  ],
  [
    'input',
    7,
    [
      { kind: 'source', prefixes: ['10.0.0.0/8'], invert: true },
      { kind: 'destination', prefixes: ['239.8.0.0/16'] },
    ],
  ],
  ['input', 8, [{ kind: 'other', text: 'ip6 hoplimit 1' }]],
  ['input', 9, [{ kind: 'other', text: 'limit {"rate":5,"burst":5,"per":"second"}' }]],
  [
    'output',
    2,
    [
      { kind: 'output', interfaces: ['lo'], invert: true },
      { kind: 'protocol', protocols: [17] },
      { kind: 'source-port', ranges: [[0, 1023]] },
    ],
  ],
])('%s %d', (chain, number, matches) => {
  expect(rules(chain).find((rule) => rule.number === number)?.matches).toEqual(matches);
});

test('statements that are not understood are conditions or targets, never dropped', () => {
  expect(read({ match: { op: '==', left: { ct: { key: 'mark' } }, right: 1 } }, { drop: null })[0]).toMatchObject({
    matches: [{ kind: 'other', text: 'ct mark 1' }],
    verdict: 'drop',
  });
  expect(
    read(
      { match: { op: '==', left: { payload: { protocol: 'ip', field: 'daddr' } }, right: '@gone' } },
      { drop: null },
    )[0]?.matches[0],
  ).toMatchObject({ kind: 'other' });
  expect(read({ xt: { type: 'match', name: 'u32' } }, { drop: null })[0]?.matches).toEqual([
    { kind: 'other', text: 'xt match u32' },
  ]);
  expect(read({ xt: null }, { drop: null })[0]?.matches).toHaveLength(1);
  expect(read({ xt: { type: 'target', name: 'CT' } })[0]).toMatchObject({ verdict: 'other', target: 'CT' });
  expect(read({ queue: { num: 1 } })[0]).toMatchObject({ verdict: 'other', target: 'queue' });
  expect(read({ vmap: { key: { concat: [] }, data: '@gone' } })[0]).toMatchObject({
    verdict: 'other',
    target: 'vmap',
    matches: [{ kind: 'other' }],
  });
  expect(rules('pre')[0]).toMatchObject({ verdict: 'other', target: 'NOTRACK' });
});

test('nothing makes it throw', () => {
  fc.assert(fc.property(fc.jsonValue(), (json) => void parseNft(json)));
  fc.assert(fc.property(fc.array(fc.jsonValue()), (expr) => void read(...expr)));
  const broken = fc
    .constantFrom('match', 'vmap', 'jump', 'xt', 'counter', 'limit')
    .chain((name) => fc.jsonValue().map((body) => ({ [name]: body })));
  fc.assert(fc.property(fc.array(broken), (expr) => void read(...expr)));
});
