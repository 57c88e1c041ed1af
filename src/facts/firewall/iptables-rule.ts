/** One rule of iptables, word by word (iptables(8), iptables-extensions(8)). */
import type { FirewallMatch, FirewallRule } from '../../model/packet-filter.ts';
import { OPTIONS } from './iptables-options.ts';

/** Extensions that match nothing by themselves: only their options do. All others are conditions that kmcast does not know. */
const PLAIN: ReadonlySet<string> = new Set([
  'tcp',
  'udp',
  'udplite',
  'sctp',
  'dccp',
  'icmp',
  'icmp6',
  'multiport',
  'comment',
  'addrtype',
  'pkttype',
  'conntrack',
  'state',
  'iprange',
]);

const VERDICTS: Readonly<Record<string, FirewallRule['verdict']>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'reject',
  RETURN: 'return',
};

/** What a rule matches and does; `words` are those behind the chain, `chains` those that it may jump to. */
export function readRule(
  words: readonly string[],
  chains: ReadonlySet<string>,
): Pick<FirewallRule, 'matches' | 'verdict' | 'target'> {
  const matches: FirewallMatch[] = [];
  let protocol: number | undefined;
  let unknown: string[] = [];
  const flush = () => {
    if (unknown.length > 0) matches.push({ kind: 'other', text: unknown.join(' ') });
    unknown = [];
  };
  for (let at = 0; at < words.length; ) {
    const invert = words[at] === '!';
    const name = words[invert ? at + 1 : at] ?? '';
    const value = words[invert ? at + 2 : at + 1] ?? '';
    const next = at + (invert ? 3 : 2);
    if (name === '-j' || name === '-g') {
      flush();
      return { matches, ...verdictOf(name, value, words.slice(next), chains) };
    }
    const read = OPTIONS[name]?.(value, { invert, protocol });
    if (name === '-m') {
      flush();
      if (!PLAIN.has(value)) unknown = ['-m', value];
      at = next;
    } else if (read !== undefined) {
      flush();
      matches.push(...read);
      const only = read[0]?.kind === 'protocol' && !invert ? read[0].protocols[0] : undefined;
      protocol = only ?? protocol;
      at = next;
    } else {
      // An option that is not known, up to the next one; those of one extension stay together.
      if (unknown[0] !== '-m') flush();
      const end = words.findIndex((word, index) => index >= next - 1 && (word.startsWith('-') || word === '!'));
      const stop = end < 0 ? words.length : end;
      unknown.push(...words.slice(at, stop));
      at = stop;
    }
  }
  flush();
  return { matches, verdict: 'continue' };
}

function verdictOf(
  option: string,
  name: string,
  rest: readonly string[],
  chains: ReadonlySet<string>,
): Pick<FirewallRule, 'verdict' | 'target'> {
  if (option === '-g') return { verdict: 'goto', target: name };
  const verdict = VERDICTS[name];
  if (verdict !== undefined) return { verdict };
  if (chains.has(name)) return { verdict: 'jump', target: name };
  return { verdict: 'other', target: name === 'CT' && rest.includes('--notrack') ? 'NOTRACK' : name };
}
