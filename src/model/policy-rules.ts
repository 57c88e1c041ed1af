/** Policy routing: which tables are looked in, and in which order (net/core/fib_rules.c, `ip rule`). */

import { covers, type IpNumber, ipBlock } from './ip-number.ts';
import type { PolicyRule } from './netns.ts';

/** What policy rules look at. */
export interface Flow {
  readonly destination: IpNumber;
  /** Zero when not chosen yet. */
  readonly source: IpNumber;
  /** IPv6 rules with `from` need a source that the sender chose. IPv4 compares with 0.0.0.0. */
  readonly hasSource: boolean;
  readonly inputInterface: string;
  readonly outputInterface?: string | undefined;
  readonly mark: number;
  readonly tos: number;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly uid: number;
}

/** What a rule's action gave: an answer, or `next`: look at the rules behind it. */
export type RuleAction<T> = { readonly answer: T; readonly suppress?: boolean } | 'next';

/** How the walk ended: with an answer, or with the rule that refuses. */
export type RuleWalk<T> =
  | { readonly rule: PolicyRule; readonly answer: T }
  | { readonly rule: PolicyRule; readonly refused: PolicyRule['action'] };

/**
 * Walks the rules in the order of their priority and asks `look` for each table, until one answers or a rule refuses.
 * `undefined` when the rules end before. An answer with `suppress` is put aside.
 */
export function walkRules<T>(
  rules: readonly PolicyRule[],
  flow: Flow,
  look: (table: number, rule: PolicyRule) => RuleAction<T>,
): RuleWalk<T> | undefined {
  const family = flow.destination.family;
  const ordered = rules.filter((rule) => rule.family === family).sort((a, b) => a.priority - b.priority);
  for (let at = 0; at < ordered.length; at++) {
    const rule = ordered[at]!;
    if (!ruleMatches(rule, flow) || rule.action === 'nop') continue;
    if (rule.action === 'goto') {
      const target = ordered.findIndex((other, index) => index > at && other.priority === rule.target);
      if (target > at) at = target - 1;
      continue;
    }
    if (rule.action !== 'lookup') return { rule, refused: rule.action };
    const found = rule.table === undefined ? 'next' : look(rule.table, rule);
    if (found !== 'next' && found.suppress !== true) return { rule, answer: found.answer };
  }
  return undefined;
}

/** Whether these are the rules that every namespace starts with. */
export function areDefaultRules(rules: readonly PolicyRule[]): boolean {
  const bare = rules.filter((rule) => Object.keys(rule).every((key) => PLAIN.has(key)) && rule.action === 'lookup');
  const tables = bare.map((rule) => `${rule.priority}:${rule.table}`).sort((a, b) => a.localeCompare(b));
  return bare.length === rules.length && DEFAULTS.has(tables.join(' '));
}

const PLAIN: ReadonlySet<string> = new Set(['family', 'priority', 'action', 'table']);
const DEFAULTS: ReadonlySet<string> = new Set(['0:255 32766:254 32767:253', '0:255 32766:254']);

/** fib_rule_match() with fib4_rule_match() and fib6_rule_match(). */
function ruleMatches(rule: PolicyRule, flow: Flow): boolean {
  const matches =
    (rule.inputInterface === undefined || rule.inputInterface === flow.inputInterface) &&
    (rule.outputInterface === undefined || rule.outputInterface === flow.outputInterface) &&
    marked(rule, flow.mark) &&
    within(rule.uids, flow.uid) &&
    addressed(rule, flow) &&
    (!rule.tos || rule.tos === flow.tos) &&
    (!rule.protocol || rule.protocol === flow.protocol) &&
    within(rule.sourcePorts, flow.sourcePort) &&
    within(rule.destinationPorts, flow.destinationPort);
  return rule.invert === true ? !matches : matches;
}

function marked(rule: PolicyRule, mark: number): boolean {
  if (rule.mark === undefined) return true;
  const mask = rule.markMask ?? 0xffffffff;
  return ((rule.mark ^ mark) & mask) === 0;
}

function addressed(rule: PolicyRule, flow: Flow): boolean {
  const from = rule.source === undefined ? undefined : ipBlock(rule.source);
  const to = rule.destination === undefined ? undefined : ipBlock(rule.destination);
  if (to !== undefined && !covers(to, flow.destination)) return false;
  if (from === undefined || from.length === 0) return true;
  return (flow.hasSource || from.family === 4) && covers(from, flow.source);
}

function within(range: readonly [number, number] | undefined, value: number): boolean {
  return range === undefined || (value >= range[0] && value <= range[1]);
}
