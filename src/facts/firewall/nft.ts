/** What `nft -j list ruleset` prints (libnftables-json(5)). */
import type { Firewall, FirewallChain, FirewallRule } from '../../model/packet-filter.ts';
import { readStatements } from './nft-rule.ts';
import { type NamedSets, record } from './nft-values.ts';

const FAMILIES: ReadonlySet<string> = new Set(['ip', 'ip6', 'inet', 'bridge', 'netdev', 'arp']);
const HOOKS: ReadonlySet<string> = new Set([
  'prerouting',
  'input',
  'forward',
  'output',
  'postrouting',
  'ingress',
  'egress',
]);

/** Reads the parsed JSON. Objects of no known form are skipped. A rule with a verdict map gives one rule for each of its verdicts. */
export function parseNft(json: unknown): Firewall {
  const list = record(json)?.nftables;
  const objects = Array.isArray(list) ? list.map(record) : [];
  const sets = namedSets(objects);
  const counts = new Map<string, number>();
  return {
    tool: 'nft',
    chains: objects.flatMap((object) => readChain(record(object?.chain)) ?? []),
    rules: objects.flatMap((object) => readRule(record(object?.rule), sets, counts)),
  };
}

function namedSets(objects: readonly (Readonly<Record<string, unknown>> | undefined)[]): NamedSets {
  const sets = new Map<string, readonly unknown[]>();
  for (const object of objects) {
    const set = record(object?.set) ?? record(object?.map);
    // A set without elements is listed without `elem`.
    const elements = set?.elem ?? [];
    if (set !== undefined && Array.isArray(elements)) sets.set(`${set.family} ${set.table} ${set.name}`, elements);
  }
  return sets;
}

function readChain(chain: Readonly<Record<string, unknown>> | undefined): FirewallChain | undefined {
  const place = placeOf(chain, chain?.name);
  if (chain === undefined || place === undefined) return undefined;
  const { family, table, chain: name } = place;
  if (typeof chain.hook !== 'string' || !HOOKS.has(chain.hook)) return { family, table, name };
  return {
    family,
    table,
    name,
    hook: chain.hook as NonNullable<FirewallChain['hook']>,
    priority: Number(chain.prio ?? 0) || 0,
    policy: chain.policy === 'drop' ? 'drop' : 'accept',
    ...devicesOf(chain),
  };
}

/** `dev` is a name or, for several, a list. */
function devicesOf(chain: Readonly<Record<string, unknown>>): Pick<FirewallChain, 'devices'> {
  const devices = [chain.dev ?? chain.devs ?? []].flat().filter((name) => typeof name === 'string');
  return devices.length === 0 ? {} : { devices };
}

function readRule(
  rule: Readonly<Record<string, unknown>> | undefined,
  sets: NamedSets,
  counts: Map<string, number>,
): readonly FirewallRule[] {
  const place = placeOf(rule, rule?.chain);
  if (rule === undefined || place === undefined) return [];
  const key = `${place.family} ${place.table} ${place.chain}`;
  const number = (counts.get(key) ?? 0) + 1;
  counts.set(key, number);
  const statements = Array.isArray(rule.expr) ? rule.expr : [];
  const handle = typeof rule.handle === 'number' ? { handle: rule.handle } : {};
  return readStatements(statements, sets, `${place.family} ${place.table}`).map((read) => ({
    ...place,
    number,
    ...handle,
    ...read,
  }));
}

function placeOf(
  object: Readonly<Record<string, unknown>> | undefined,
  chain: unknown,
): Pick<FirewallRule, 'family' | 'table' | 'chain'> | undefined {
  const { family, table } = object ?? {};
  if (typeof family !== 'string' || !FAMILIES.has(family) || typeof table !== 'string' || typeof chain !== 'string')
    return undefined;
  return { family: family as FirewallRule['family'], table, chain };
}
