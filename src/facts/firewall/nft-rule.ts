/** The statements of one nft rule, read in order: conditions, counters, a verdict. */
import type { FirewallMatch, FirewallRule } from '../../model/packet-filter.ts';
import { readComparison, readMatch } from './nft-match.ts';
import { statementText } from './nft-text.ts';
import { type NamedSets, record } from './nft-values.ts';

type Read = Pick<FirewallRule, 'text' | 'packets' | 'bytes' | 'matches' | 'verdict' | 'target'>;
type Ending = Pick<FirewallRule, 'verdict' | 'target'>;

/** Statements that neither match nor decide. */
const SILENT: ReadonlySet<string> = new Set(['counter', 'log', 'comment']);

/** Statements that may stop a rule halfway, as a condition does. */
const CONDITIONS: ReadonlySet<string> = new Set(['limit', 'quota', 'ct count', 'connlimit', 'last', 'set']);

const VERDICTS: Readonly<Record<string, FirewallRule['verdict']>> = {
  accept: 'accept',
  drop: 'drop',
  reject: 'reject',
  return: 'return',
  continue: 'continue',
};

/** The rule; several, one for each verdict, when a verdict map decides. `scope` is the table, `FAMILY NAME`. */
export function readStatements(statements: readonly unknown[], sets: NamedSets, scope: string): readonly Read[] {
  const matches: FirewallMatch[] = [];
  const text = statements.map(statementText).join(' ');
  let counters: Pick<FirewallRule, 'packets' | 'bytes'> = {};
  let ending: Ending = { verdict: 'continue' };
  for (const statement of statements) {
    const [name = '', body] = Object.entries(record(statement) ?? {})[0] ?? [];
    const detail = record(body);
    if (name === 'match') matches.push(...(readMatch(body, sets, scope) ?? [other(statement)]));
    else if (name === 'vmap')
      return verdictMap(detail, sets, scope).map((read) => ({
        text,
        ...counters,
        ...read,
        matches: [...matches, ...read.matches],
      }));
    else if (name === 'counter') counters = countersOf(detail);
    else if (CONDITIONS.has(name) || (name === 'xt' && detail?.type !== 'target')) matches.push(other(statement));
    else if (!SILENT.has(name)) ending = endingOf(statement) ?? { verdict: 'other', target: targetOf(name, detail) };
  }
  return [{ text, ...counters, matches, ...ending }];
}

/** `ct state vmap { established : accept, invalid : drop }`: a condition and a verdict for each entry. */
function verdictMap(
  body: Readonly<Record<string, unknown>> | undefined,
  sets: NamedSets,
  scope: string,
): readonly (Ending & Pick<FirewallRule, 'matches'>)[] {
  const { key, data } = body ?? {};
  const named = typeof data === 'string' ? sets.get(`${scope} ${data.replace(/^@/, '')}`) : undefined;
  const inPlace = record(data)?.set;
  const entries = named ?? (Array.isArray(inPlace) ? inPlace : undefined);
  if (entries === undefined) return [{ verdict: 'other', target: 'vmap', matches: [other({ vmap: body })] }];
  return entries.flatMap((entry) => {
    const [value, verdict] = Array.isArray(entry) ? entry : [];
    const matches = readComparison(key, value, false, sets, scope) ?? [
      other({ match: { left: key, op: '==', right: value } }),
    ];
    return [{ matches, ...(endingOf(verdict) ?? { verdict: 'other', target: 'vmap' }) }];
  });
}

function endingOf(statement: unknown): Ending | undefined {
  const [name = '', body] = Object.entries(record(statement) ?? {})[0] ?? [];
  if (name === 'jump' || name === 'goto') return { verdict: name, target: String(record(body)?.target) };
  const verdict = VERDICTS[name];
  return verdict === undefined ? undefined : { verdict };
}

function targetOf(name: string, detail: Readonly<Record<string, unknown>> | undefined): string {
  if (name === 'notrack') return 'NOTRACK';
  return name === 'xt' && typeof detail?.name === 'string' ? detail.name : name;
}

function countersOf(detail: Readonly<Record<string, unknown>> | undefined): Pick<FirewallRule, 'packets' | 'bytes'> {
  const { packets, bytes } = detail ?? {};
  return typeof packets === 'number' && typeof bytes === 'number' ? { packets, bytes } : {};
}

function other(statement: unknown): FirewallMatch {
  return { kind: 'other', text: statementText(statement) };
}
