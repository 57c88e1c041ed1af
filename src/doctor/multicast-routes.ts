/** The node's kernel multicast routing (ip_mr_vif, ip_mr_cache), as it bears on the target's group. */
import { valueIn } from '../model/fact.ts';
import type { MulticastRouting } from '../model/multicast-routing.ts';
import type { Case } from './case.ts';

export type Vif = MulticastRouting['vifs'][number];
export type CacheEntry = MulticastRouting['cache'][number];

/** Interfaces that the node routes multicast between, of the group's family; without the register interface of PIM. */
export function vifsOf(c: Case): Vif[] {
  return (routing(c)?.vifs ?? []).filter((v) => v.family === c.group.family && v.interface !== 'pimreg');
}

/** Entries of the group: its own, and `(*, G)` ones. */
export function entriesOf(c: Case): CacheEntry[] {
  return (routing(c)?.cache ?? []).filter((e) => e.family === c.group.family && e.group === c.group.address);
}

/** The name of an entry's interface; `undefined` for -1, unresolved. */
export function vifName(c: Case, index: number): string | undefined {
  return vifsOf(c).find((v) => v.index === index)?.interface;
}

/** The node's interfaces that lead to the pod's primary one: the other end of its veth, and the bridge that this is a port of. */
export function hostSideOf(c: Case): string[] {
  const own = c.ns.links.find((l) => l.name === c.primary);
  const peer = c.nodeNs.links.find((l) => own?.parentIndex !== undefined && l.index === own.parentIndex);
  const bridge = c.nodeNs.links.find((l) => peer?.masterIndex !== undefined && l.index === peer.masterIndex);
  return [peer, bridge].flatMap((link) => link?.name ?? []);
}

function routing(c: Case): MulticastRouting | undefined {
  const node = valueIn(c.nodeObservation);
  return node === undefined ? undefined : valueIn(node.netns.multicastRouting);
}
