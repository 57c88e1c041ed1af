import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { AgentMessage } from '../../src/agent/protocol.ts';
import { namespaceFacts } from '../../src/facts/namespace.ts';
import { namespaceReads } from '../../src/facts/reads.ts';
import { noFirewall, sorted, value, without } from './recorded.ts';

/** The recorder makes a namespace, answers the reads as an agent would, and removes the namespace. */
function record(): readonly AgentMessage[] {
  const { fallback, ...reads } = namespaceReads();
  const all = {
    ...reads,
    files: [...reads.files, ...(fallback?.files ?? [])],
    commands: [...reads.commands, ...(fallback?.commands ?? [])],
  };
  const script = new URL('./fixtures/record.py', import.meta.url).pathname;
  return JSON.parse(
    execFileSync('python3', [script], {
      input: JSON.stringify(all),
      encoding: 'utf8',
      maxBuffer: 1 << 24,
    }),
  );
}

it("this kernel's netlink dumps and this machine's ip -j say the same", () => {
  const messages = record();
  const netlink = namespaceFacts(messages, 'before', noFirewall);
  const iproute = namespaceFacts(without(messages, ['netlink'], 'no netlink'), 'before', noFirewall);
  for (const table of ['addresses', 'routes', 'rules', 'neighbours', 'mdb'] as const) {
    const list = value<readonly unknown[]>(netlink[table]);
    expect(list.length, table).toBeGreaterThan(2);
    expect(sorted(list), table).toEqual(sorted(value<readonly unknown[]>(iproute[table])));
  }
  // Counters move between the two.
  const still = (facts: typeof netlink) =>
    sorted(value(facts.links).map(({ stats, ...link }) => ({ ...link, counted: stats !== undefined })));
  expect(still(netlink)).toEqual(still(iproute));
  expect(still(netlink)).toContainEqual(
    expect.objectContaining({ name: 'net1', kind: 'macvlan', mode: 'bridge', parent: 'eth0', counted: true }),
  );
});
