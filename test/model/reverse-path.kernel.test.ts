/** The reverse path filter's model against the kernel: datagrams from every kind of source, in every mode. KMCAST_SEED repeats a run. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reversePath } from '../../src/model/reverse-path.ts';
import { type Dumps, stateOf } from './kernel/ip-json.ts';
import { askKernel } from './kernel/oracle.ts';

interface Case {
  readonly mode: Readonly<Record<string, string>>;
  readonly source: string;
  readonly group: string;
  readonly received: boolean;
  readonly counted: boolean;
}

const SOURCES = [
  '10.1.0.7',
  '10.2.0.7',
  '172.31.9.9',
  '10.1.0.2',
  '10.1.0.255',
  '0.0.0.0',
  '127.0.0.1',
  '239.9.9.9',
  '8.8.8.8',
];
const GROUPS = ['239.1.2.3', '224.0.0.251'];
const WAYS = [
  'route add default via 10.2.0.1 dev net2',
  'route add default dev net1',
  'route add 172.31.9.0/24 dev net1',
  'route add 172.31.9.9/32 dev net2',
  'route add 172.31.0.0/16 nexthop via 10.1.0.1 dev net1 nexthop via 10.2.0.1 dev net2',
  'route add blackhole 172.31.9.9/32',
  'route add unreachable 8.8.0.0/16',
  'route add local 8.8.8.8/32 dev lo',
  'route add 10.2.0.7/32 dev net1',
  'route add 172.31.9.0/24 dev net1 table 100',
];
const RULES = [
  'rule add from 172.31.9.9 lookup 100',
  'rule add to 172.31.9.9 lookup 100',
  'rule add iif net1 blackhole',
  'rule add to 10.1.0.0/16 pref 9 prohibit',
];
const MODES = ['0 0', '0 1', '1 0', '0 2', '1 2', '2 1'].map((pair) => ({
  'all/rp_filter': pair[0]!,
  'net1/rp_filter': pair[2]!,
}));

const seed = Number(process.env.KMCAST_SEED ?? Date.now() % 1_000_000);
const namespaces = Number(process.env.KMCAST_RP_NAMESPACES ?? 8);

const scenario = fc
  .record({
    net1: fc.constantFrom(['addr add 10.1.0.2/24 dev net1'], []),
    net2: fc.constantFrom(['addr add 10.2.0.2/24 dev net2'], []),
    ways: fc.subarray(WAYS),
    rules: fc.oneof(fc.constant([]), fc.subarray(RULES)),
    extra: fc.constantFrom({}, { 'net1/accept_local': '1' }, { 'net1/route_localnet': '1' }),
    modes: fc.subarray(MODES, { minLength: 3 }),
  })
  .map(({ net1, net2, ways, rules, extra, modes }) => ({
    setup: [
      'link set lo up',
      'link set net1 up',
      'link add net2 type veth peer name far2',
      'link set net2 up',
      'link set far2 up',
      ...net1,
      ...net2,
      ...ways,
      ...rules,
    ],
    modes: modes.map((mode) => ({ ...mode, ...extra })),
    sources: SOURCES,
    groups: GROUPS,
  }));

test(`sources are let in as the kernel does, in ${namespaces} namespaces with seed ${seed}`, {
  timeout: 300_000,
}, () => {
  console.log(`KMCAST_SEED=${seed} KMCAST_RP_NAMESPACES=${namespaces}`);
  const asked = fc.sample(scenario, { numRuns: namespaces, seed });
  const told = askKernel<Dumps & { cases: Case[] }>('rp_oracle.py', asked);
  const wrong: unknown[] = [];
  const seen = { received: 0, counted: 0, cases: 0 };
  for (const [i, { cases, ...dumps }] of told.entries()) {
    const facts = stateOf(dumps);
    for (const one of cases) {
      const sysctls = Object.fromEntries(
        Object.entries(one.mode).map(([path, value]) => [`net.ipv4.conf.${path.replace('/', '.')}`, value]),
      );
      const found = reversePath({ ...facts, sysctls }, { source: one.source, interface: 'net1', group: one.group });
      seen.cases++;
      seen.received += Number(one.received);
      seen.counted += Number(one.counted);
      if (found.accepted !== one.received || found.counted !== one.counted)
        wrong.push({ one, found, setup: asked[i]!.setup });
    }
  }
  expect(seen.cases).toBeGreaterThan(namespaces * 50);
  expect(seen.received).toBeGreaterThan(0);
  expect(seen.counted).toBeGreaterThan(0);
  expect(wrong.length, `${wrong.length} of ${seen.cases} differ: ${JSON.stringify(wrong.slice(0, 2), null, 1)}`).toBe(
    0,
  );
});
