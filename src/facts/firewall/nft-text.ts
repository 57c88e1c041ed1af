/** nft's own text of a statement, from its JSON: for people to find the rule by. What is rare stays JSON. */
import { record } from './nft-values.ts';

/** `ip daddr 239.0.0.0/8 drop`. */
export function statementText(statement: unknown): string {
  const [name = '', body] = Object.entries(record(statement) ?? {})[0] ?? [];
  if (name === 'match') return matchText(body);
  if (name === 'vmap') return `${expressionText(record(body)?.key)} vmap ${expressionText(record(body)?.data)}`;
  if (name === 'jump' || name === 'goto') return `${name} ${String(record(body)?.target)}`;
  if (name === 'xt') return `xt ${String(record(body)?.type)} ${String(record(body)?.name)}`;
  if (name === 'counter') return 'counter';
  return body === null ? name : `${name} ${JSON.stringify(body)}`;
}

function matchText(body: unknown): string {
  const { left, op, right } = record(body) ?? {};
  const sign = op === '==' || op === 'in' ? '' : `${String(op)} `;
  return `${expressionText(left)} ${sign}${expressionText(right)}`;
}

function expressionText(expression: unknown): string {
  if (typeof expression === 'string' || typeof expression === 'number') return String(expression);
  if (Array.isArray(expression)) return expression.map(expressionText).join(', ');
  const { meta, payload, ct, fib, prefix, range, set, elem } = record(expression) ?? {};
  if (record(payload)?.field !== undefined)
    return `${String(record(payload)?.protocol)} ${String(record(payload)?.field)}`;
  if (meta !== undefined) return metaText(String(record(meta)?.key));
  if (ct !== undefined) return `ct ${String(record(ct)?.key)}`;
  if (fib !== undefined) return `fib ${[record(fib)?.flags].flat().join(' . ')} ${String(record(fib)?.result)}`;
  if (prefix !== undefined) return `${String(record(prefix)?.addr)}/${String(record(prefix)?.len)}`;
  if (Array.isArray(range)) return range.map(expressionText).join('-');
  if (Array.isArray(set)) return `{ ${set.map(setElement).join(', ')} }`;
  if (elem !== undefined) return expressionText(record(elem)?.val);
  return JSON.stringify(expression) ?? '';
}

/** An element of a set, or of a map: the value and its verdict. */
function setElement(element: unknown): string {
  if (!Array.isArray(element)) return expressionText(element);
  return `${expressionText(element[0])} : ${statementText(element[1])}`;
}

/** nft prints the usual keys without "meta". */
function metaText(key: string): string {
  return /^(iif|oif)/.test(key) ? key : `meta ${key}`;
}
