/** What `iptables-save -c` and `ip6tables-save -c` print, for both kernel back ends (iptables-save(8)). */
import type { Firewall, FirewallChain, FirewallRule } from '../../model/packet-filter.ts';
import { readRule } from './iptables-rule.ts';
import { splitWords } from './words.ts';

/** The hooks of iptables' own chains. */
const HOOKS: Readonly<Record<string, NonNullable<FirewallChain['hook']>>> = {
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
};

/** NF_IP_PRI_* (include/uapi/linux/netfilter_ipv4.h); nat has two. */
const PRIORITIES: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, security: 50 };

/**
 * Reads a listing. Lines of no known form are skipped.
 * @returns `tool` is `iptables-nft` or `iptables-legacy`, by the listing's heading.
 */
export function parseIptablesSave(text: string, family: 'ip' | 'ip6'): Firewall {
  const lines = text.split('\n');
  const declared = lines.flatMap((line, at) =>
    line.startsWith(':') ? [{ name: line.slice(1).split(' ')[0] ?? '', at }] : [],
  );
  const chains: FirewallChain[] = [];
  const rules: FirewallRule[] = [];
  const counts = new Map<string, number>();
  let table = '';
  let own: ReadonlySet<string> = new Set();
  for (const [at, line] of lines.entries()) {
    if (line.startsWith('*')) {
      table = line.slice(1).trim();
      const end = lines.findIndex((other, index) => index > at && other.startsWith('COMMIT'));
      own = new Set(
        declared.filter((chain) => chain.at > at && (end < 0 || chain.at < end)).map((chain) => chain.name),
      );
    } else if (table !== '' && line.startsWith(':')) {
      const chain = readChain(line, family, table);
      if (chain !== undefined) chains.push(chain);
    } else if (table !== '') {
      const rule = readLine(line, { family, table, own, counts });
      if (rule !== undefined) rules.push(rule);
    }
  }
  return {
    tool: /nf_tables/.test(lines.find((line) => line.startsWith('#')) ?? '') ? 'iptables-nft' : 'iptables-legacy',
    chains,
    rules,
  };
}

/** `:INPUT DROP [12:3456]`; chains made by hand have `-` for a policy. */
function readChain(line: string, family: 'ip' | 'ip6', table: string): FirewallChain | undefined {
  const match = /^:(\S+) (\S+)(?: \[(\d+):\d+\])?/.exec(line);
  if (match === null) return undefined;
  const [, name = '', policy = '-', packets] = match;
  const hook = policy === '-' ? undefined : HOOKS[name];
  if (hook === undefined) return { family, table, name };
  const priority =
    table === 'nat' ? (hook === 'prerouting' || hook === 'output' ? -100 : 100) : (PRIORITIES[table] ?? 0);
  return {
    family,
    table,
    name,
    hook,
    priority,
    policy: policy === 'DROP' ? 'drop' : 'accept',
    ...(packets === undefined ? {} : { packets: Number(packets) }),
  };
}

interface Place {
  readonly family: 'ip' | 'ip6';
  readonly table: string;
  /** Chains of the table: what a rule may jump to. */
  readonly own: ReadonlySet<string>;
  /** Rules of each chain so far, by table and chain. */
  readonly counts: Map<string, number>;
}

/** `[12:3456] -A INPUT …`, the counters only with `-c`. */
function readLine(line: string, place: Place): FirewallRule | undefined {
  const match = /^(?:\[(\d+):(\d+)\] )?(-A (\S+)(?: .*)?)$/.exec(line.trimEnd());
  if (match === null) return undefined;
  const [, packets, bytes, text = '', chain = ''] = match;
  const key = `${place.table} ${chain}`;
  const number = (place.counts.get(key) ?? 0) + 1;
  place.counts.set(key, number);
  const counters = packets === undefined ? {} : { packets: Number(packets), bytes: Number(bytes) };
  return {
    family: place.family,
    table: place.table,
    chain,
    number,
    text,
    ...counters,
    ...readRule(splitWords(text).slice(2), place.own),
  };
}
