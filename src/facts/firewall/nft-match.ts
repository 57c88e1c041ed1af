/** One condition of an nft rule: what is compared, how, with what. */
import { rangeToPrefixes } from '../../model/ip-number.ts';
import type { FirewallMatch } from '../../model/packet-filter.ts';
import { type Selector, selectorOf } from './nft-selector.ts';
import { type NamedSets, record, type Value, valuesOf } from './nft-values.ts';
import { messageNumber, numeric, protocolNumber } from './protocols.ts';

/** The conditions of `left OP right`, or `undefined` when it is not understood. `scope` is the table that named sets are looked up in. */
export function readMatch(match: unknown, sets: NamedSets, scope: string): readonly FirewallMatch[] | undefined {
  const { left, op, right } = record(match) ?? {};
  const bound = typeof right === 'number' ? BOUNDS[String(op)]?.(right) : undefined;
  if (bound !== undefined) return readComparison(left, { range: bound }, false, sets, scope);
  if (op !== '==' && op !== 'in' && op !== '!=') return undefined;
  return readComparison(left, right, op === '!=', sets, scope);
}

/** Ports and message types below or above a number, as ranges. */
const BOUNDS: Readonly<Record<string, (value: number) => readonly [number, number]>> = {
  '<': (value) => [0, value - 1],
  '<=': (value) => [0, value],
  '>': (value) => [value + 1, 65535],
  '>=': (value) => [value, 65535],
};

/** The conditions of "left is one of right". */
export function readComparison(
  left: unknown,
  right: unknown,
  invert: boolean,
  sets: NamedSets,
  scope: string,
): readonly FirewallMatch[] | undefined {
  const selector = selectorOf(left);
  const values = selector === undefined ? undefined : valuesOf(right, sets, scope);
  if (selector === undefined || values === undefined) return undefined;
  const match = build(selector, values);
  if (match === undefined) return undefined;
  // Without addresses nothing else would tell that `ip daddr != @empty` is for IPv4 only.
  const family = 'prefixes' in match && match.prefixes.length === 0 ? [selector.family] : [];
  return [...selector.implied, ...family.filter((one) => one !== undefined), invert ? { ...match, invert } : match];
}

function build(selector: Selector, values: readonly Value[]): Exclude<FirewallMatch, { kind: 'other' }> | undefined {
  const { kind } = selector;
  if (kind === 'source' || kind === 'destination') return { kind, prefixes: values.flatMap(prefixes) };
  const words = values.flatMap((value) => ('text' in value ? [value.text] : []));
  if (kind === 'source-port' || kind === 'destination-port') return ranges(kind, values, numeric);
  if (kind === 'message-type') return ranges(kind, values, (text) => messageNumber(text, selector.protocol ?? 0));
  if (words.length < values.length) return undefined;
  if (kind === 'input' || kind === 'output') return { kind, interfaces: words };
  if (kind === 'state') return { kind, states: words };
  if (kind === 'family') return familyOf(words);
  if (kind === 'protocol') {
    const numbers = words.map(protocolNumber).filter((number) => number !== undefined);
    return numbers.length < words.length ? undefined : { kind, protocols: numbers };
  }
  const [type] = words;
  if (type === undefined || words.length > 1) return undefined;
  return { kind, type: kind === 'packet-type' && type === 'host' ? 'unicast' : type };
}

function prefixes(value: Value): readonly string[] {
  if ('first' in value) return rangeToPrefixes(value.first, value.last);
  return [value.text.includes('/') ? value.text : `${value.text}/${value.text.includes(':') ? 128 : 32}`];
}

function ranges(
  kind: 'source-port' | 'destination-port' | 'message-type',
  values: readonly Value[],
  read: (text: string) => number | undefined,
) {
  const found = values.flatMap((value): (readonly [number, number])[] => {
    const from = read('first' in value ? value.first : value.text);
    const to = read('first' in value ? value.last : value.text);
    return from === undefined || to === undefined ? [] : [[from, to]];
  });
  return found.length < values.length ? undefined : { kind, ranges: found };
}

/** "Is IPv4" as a condition on the destination. */
function familyOf(
  words: readonly string[],
): { readonly kind: 'destination'; readonly prefixes: readonly string[] } | undefined {
  const known: Readonly<Record<string, string>> = { ipv4: '0.0.0.0/0', ip: '0.0.0.0/0', ipv6: '::/0', ip6: '::/0' };
  const found = words.flatMap((word) => known[word] ?? []);
  return found.length < words.length ? undefined : { kind: 'destination', prefixes: found };
}
