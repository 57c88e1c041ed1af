/**
 * The model against the kernel, on random namespaces. KMCAST_ROUTE_TABLES makes more of them (default 100),
 * KMCAST_SEED repeats a run.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinInterface, lookup, type RouteLookup, type RoutingState } from '../../src/model/route-lookup.ts';
import { type Dumps, stateOf } from './kernel/ip-json.ts';
import { askKernel } from './kernel/oracle.ts';
import { type Query, type Scenario, scenarios } from './kernel/route-scenarios.ts';

interface Answer {
  readonly error?: string;
  readonly type?: string;
  readonly interface?: string;
  readonly gateway?: string;
  readonly source?: string;
  readonly table?: number;
}

const seed = Number(process.env.KMCAST_SEED ?? Date.now() % 1_000_000);
const tables = Number(process.env.KMCAST_ROUTE_TABLES ?? 100);

test(`routes and joins are the kernel's, on ${tables} namespaces with seed ${seed}`, { timeout: 600_000 }, () => {
  console.log(`KMCAST_SEED=${seed} KMCAST_ROUTE_TABLES=${tables}`);
  const asked = fc.sample(scenarios(60), { numRuns: tables, seed });
  const told = askKernel<Dumps & { answers: Answer[]; joins: Answer[] }>('netns_oracle.py', asked);
  expect(told).toHaveLength(tables);
  let ways = 0;
  const wrong: unknown[] = [];
  for (const [i, scenario] of asked.entries()) {
    const { answers, joins, ...dumps } = told[i]!;
    const state: RoutingState = { ...stateOf(dumps), sysctls: dotted(scenario.lateSysctls) };
    for (const [j, query] of scenario.queries.entries()) {
      const found = lookup(state, asRouteQuery(query));
      ways += found.kind === 'route' ? 1 : 0;
      const difference = compare(found, answers[j]!, query);
      if (difference !== undefined)
        wrong.push({
          difference,
          query,
          kernel: answers[j],
          found,
          scenario: scenario.setup,
          late: scenario.lateSysctls,
        });
    }
    for (const [j, group] of scenario.joins.entries()) {
      const found = joinInterface(state, { family: group.includes(':') ? 6 : 4, group });
      const choices =
        'interface' in found
          ? found.way?.kind === 'route'
            ? found.way.nextHops.map((hop) => hop.interface)
            : [found.interface]
          : [];
      const same = joins[j]!.error === undefined ? choices.includes(joins[j]!.interface) : choices.length === 0;
      if (!same) wrong.push({ group, kernel: joins[j], found, scenario: scenario.setup });
    }
  }
  expect(ways).toBeGreaterThan(tables * 30);
  expect(wrong.length, `${wrong.length} differ, the simplest: ${JSON.stringify(simplest(wrong), null, 1)}`).toBe(0);
});

/** Why the answers differ. A kernel that chooses by hash is right with each of the ways. */
function compare(found: RouteLookup, kernel: Answer, query: Query): string | undefined {
  if (found.kind !== 'route') return found.error === kernel.error ? undefined : 'error';
  if (kernel.error !== undefined) return 'no error';
  const way = found.nextHops.find((hop) => hop.interface === kernel.interface && hop.gateway === kernel.gateway);
  if (way === undefined) return 'way';
  if (plain(found.type, query) !== plain(kernel.type, query)) return 'type';
  // Without policy rules IPv4 keeps its local table in the main one, and reports that.
  const table = query.family === 4 && found.rule === undefined && found.table === 255 ? 254 : found.table;
  if (found.by === 'route' && table !== kernel.table) return 'table';
  const chosen = query.family === 4 && query.source === undefined && found.nextHops.length === 1;
  return chosen && found.source !== kernel.source ? 'source' : undefined;
}

/** IPv4 keeps the last answer with the way, and equal ways are shared by routes to groups and to hosts: the type is the other's then. */
function plain(type: string | undefined, query: Query): string | undefined {
  return query.family === 4 && type === 'multicast' ? 'unicast' : type;
}

function asRouteQuery(query: Query) {
  const { sport, dport, ...same } = query;
  return {
    ...same,
    ...(sport === undefined ? {} : { sourcePort: sport }),
    ...(dport === undefined ? {} : { destinationPort: dport }),
  };
}

function dotted(sysctls: Scenario['sysctls']): Record<string, string> {
  const named = Object.entries(sysctls).map(([path, value]) => [`net.${path.replaceAll('/', '.')}`, value] as const);
  // Writing IPv6's `all` writes every interface.
  const spread = named.flatMap(([name, value]) =>
    name.startsWith('net.ipv6.conf.all.')
      ? ['a0', 'b0', 'c0'].map((dev) => [name.replace('all', dev), value] as const)
      : [],
  );
  return Object.fromEntries([...named, ...spread]);
}

function simplest(wrong: readonly unknown[]): unknown {
  return [...wrong].sort((a, b) => JSON.stringify(a).length - JSON.stringify(b).length)[0];
}
