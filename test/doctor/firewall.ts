/** A packet filter with one rule, for tests. */
import type { FirewallMatch } from '../../src/model/packet-filter.ts';
import type { Draft } from './snapshot.ts';

/** Gives the pod's filter table a chain with that hook and one rule that drops. */
export function drops(
  d: Draft,
  hook: 'input' | 'output',
  matches: readonly FirewallMatch[],
  text: string,
  packets = 0,
): void {
  const chain = hook.toUpperCase();
  d.rx.netns.firewall = {
    tool: 'iptables-save',
    chains: [{ family: 'ip', table: 'filter', name: chain, hook, priority: 0, policy: 'accept', packets: 0 }],
    rules: [
      { family: 'ip', table: 'filter', chain, number: 1, text, matches: [...matches], verdict: 'drop', packets: 0 },
    ],
  };
  if (packets > 0) d.rx.movedFirewall = [{ family: 'ip', table: 'filter', chain, number: 1, text, packets }];
}
