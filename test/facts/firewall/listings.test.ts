import { expect, test } from 'vitest';
import { parseFirewall } from '../../../src/facts/firewall/listings.ts';
import { isKnown, valueIn } from '../../../src/model/fact.ts';
import { fixture } from './fixture.ts';

const listing = (name: string, stdout: string, status = 0, stderr = '') => ({ name, status, stdout, stderr });
const nftOfIptables = listing('nft', fixture('nft-of-iptables.json'));
const native = listing('nft', fixture('nft-native.json'));
const four = listing('iptables-save', fixture('iptables-nft-save.txt'));
const six = listing('ip6tables-save', fixture('ip6tables-nft-save.txt'));
const legacy = listing('iptables-legacy-save', fixture('iptables-legacy-save.txt'));

test('rules that iptables and nft both list are there once, in the words of iptables', () => {
  const firewall = valueIn(parseFirewall([four, six, nftOfIptables]))!;
  expect(firewall.rules).toHaveLength(29);
  expect(firewall.rules.every((rule) => rule.text.startsWith('-A '))).toBe(true);
  expect(firewall).not.toHaveProperty('unseen');
});

test('nft alone lists them too, with what it cannot say as uncertain', () => {
  const firewall = valueIn(parseFirewall([nftOfIptables]))!;
  expect(firewall.tool).toBe('nft');
  expect(firewall.rules).toHaveLength(29);
  expect(firewall.rules.find((rule) => rule.text.includes('u32'))?.matches).toEqual([
    { kind: 'other', text: 'xt match u32' },
  ]);
});

test('native tables of the same name stand beside legacy ones', () => {
  const firewall = valueIn(parseFirewall([legacy, native]))!;
  expect(new Set(firewall.rules.map((rule) => `${rule.family} ${rule.table}`))).toEqual(
    new Set(['ip filter', 'ip raw', 'ip mangle', 'ip nat (legacy)', 'inet fw', 'ip nat']),
  );
});

test('iptables-save that is the legacy one is not counted twice', () => {
  const firewall = valueIn(parseFirewall([{ ...legacy, name: 'iptables-save' }, legacy, nftOfIptables]))!;
  expect(firewall.rules.filter((rule) => rule.text.startsWith('-A '))).toHaveLength(23);
});

test('what no tool could see is said', () => {
  const missing = listing('nft', '', 127, 'nft: not found\n');
  expect(valueIn(parseFirewall([four, six, missing]))?.unseen).toEqual([
    "nf_tables rules that are not iptables' (nft: nft: not found)",
  ]);
  const warned = {
    ...four,
    stderr: '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n',
  };
  expect(valueIn(parseFirewall([warned, six, nftOfIptables]))?.unseen).toEqual([
    'legacy iptables rules (iptables-legacy-save not found)',
  ]);
  expect(valueIn(parseFirewall([legacy, nftOfIptables]))?.unseen).toEqual(['legacy ip6tables rules']);
});

test('without any listing the reasons are given', () => {
  const failed = parseFirewall([
    listing('iptables-save', '', 4, 'Permission denied (you must be root)\n'),
    listing('nft', 'table ip x {', 0),
  ]);
  expect(failed).toEqual({
    unknown: 'iptables-save: Permission denied (you must be root); nft: its output could not be read',
  });
  expect(isKnown(parseFirewall([]))).toBe(false);
});
