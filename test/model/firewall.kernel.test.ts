/** The firewall's model against the kernel: random rules, and what a socket really receives. KMCAST_SEED repeats, KMCAST_FIREWALLS makes more. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIptablesSave } from '../../src/facts/firewall/iptables-save.ts';
import { mergeFirewalls } from '../../src/facts/firewall/merge.ts';
import { parseNft } from '../../src/facts/firewall/nft.ts';
import { type Datagram, verdicts } from '../../src/model/firewall.ts';
import type { Firewall } from '../../src/model/packet-filter.ts';
import { type Scenario, scenarios } from './kernel/firewall-scenarios.ts';
import { askKernel } from './kernel/oracle.ts';

const seed = Number(process.env.KMCAST_SEED ?? Date.now() % 1_000_000);
const count = Number(process.env.KMCAST_FIREWALLS ?? 15);

test(`${count} random rule sets let through what the model says, seed ${seed}`, { timeout: 300_000 }, () => {
  console.log(`KMCAST_SEED=${seed} KMCAST_FIREWALLS=${count}`);
  const asked = fc.sample(scenarios, { numRuns: count, seed });
  const told = askKernel<Told>('fw_oracle.py', asked);
  const saved = compare(asked, told, ({ saved: text }) =>
    mergeFirewalls([parseIptablesSave(text[4], 'ip'), parseIptablesSave(text[6], 'ip6')]),
  );
  expect(saved.wrong.length, `${saved.wrong.length} differ: ${JSON.stringify(saved.wrong[0], null, 1)}`).toBe(0);
  // The model commits itself: most is decided, both ways.
  expect(saved.seen['accept true']).toBeGreaterThan(count);
  expect(saved.seen['drop false']).toBeGreaterThan(count);
  expect((saved.seen['maybe-drop true'] ?? 0) + (saved.seen['maybe-drop false'] ?? 0)).toBeLessThan(count * 10);
  if (told.some((one) => one.saved.nft === null)) return;
  const listed = compare(asked, told, ({ saved: { nft } }) => parseNft(JSON.parse(nft ?? '{}')));
  expect(listed.wrong.length, `${listed.wrong.length} differ by nft: ${JSON.stringify(listed.wrong[0], null, 1)}`).toBe(
    0,
  );
  expect(listed.seen['drop false']).toBeGreaterThan(count);
});

interface Told {
  readonly saved: { readonly 4: string; readonly 6: string; readonly nft: string | null };
  readonly passed: readonly boolean[];
}

/** What the model of `read` says, against what came through. */
function compare(asked: readonly Scenario[], told: readonly Told[], read: (one: Told) => Firewall) {
  const wrong: unknown[] = [];
  const seen: Record<string, number> = {};
  for (const [i, scenario] of asked.entries()) {
    const one = told[i]!;
    const firewall = read(one);
    for (const [j, datagram] of scenario.datagrams.entries()) {
      const judged = hooksOf(datagram).map((hook) =>
        verdicts(firewall, { ...datagram, ...interfacesOf(datagram), hook }),
      );
      const outcomes = judged.map((verdict) => verdict.outcome);
      const outcome = outcomes.includes('drop') ? 'drop' : outcomes.includes('maybe-drop') ? 'maybe-drop' : 'accept';
      const passed = one.passed[j];
      seen[`${outcome} ${passed}`] = (seen[`${outcome} ${passed}`] ?? 0) + 1;
      if (outcome !== 'maybe-drop' && (outcome === 'accept') !== passed)
        wrong.push({ datagram, judged, passed, rules: one.saved[datagram.family].split('\n') });
    }
  }
  return { wrong, seen };
}

function hooksOf({ way }: Scenario['datagrams'][number]): readonly Datagram['hook'][] {
  return way === 'in' ? ['prerouting', 'input'] : ['output', 'postrouting'];
}

function interfacesOf({
  way,
}: Scenario['datagrams'][number]): Pick<Datagram, 'inputInterface'> | Pick<Datagram, 'outputInterface'> {
  return way === 'in' ? { inputInterface: 'net1' } : { outputInterface: 'net1' };
}
