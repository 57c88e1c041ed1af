/** Who else uses what a plan changes, and who might change it back. */

import type { Case } from '../doctor/case.ts';
import type { Fix } from '../doctor/fix.ts';
import { valueIn } from '../model/fact.ts';

export function affected(
  c: Case,
  nads: readonly { readonly namespace: string; readonly name: string }[],
  fixes: readonly Fix[],
): string[] {
  const lines: string[] = [];
  const all = valueIn(c.snapshot.cluster.attachments) ?? [];
  const addresses = valueIn(c.snapshot.cluster.podAddresses);
  for (const nad of nads) {
    const users = [
      ...new Set(
        (addresses ?? [])
          .filter((p) => p.network === `${nad.namespace}/${nad.name}`)
          .map((p) => `${p.namespace}/${p.pod}`),
      ),
    ].filter((name) => name !== `${c.pod?.namespace}/${c.pod?.name}`);
    if (users.length > 0)
      lines.push(`${nad.namespace}/${nad.name} is used by ${short(users)} too: they change when they are created anew`);
    const manager = all.find((x) => x.namespace === nad.namespace && x.name === nad.name)?.managedBy;
    if (manager !== undefined)
      lines.push(
        `${nad.namespace}/${nad.name} is managed by ${manager}, which will revert a change made by hand: change it there`,
      );
  }
  const owner = c.pod?.owners.at(-1);
  const rolls = c.pod?.planned === undefined && fixes.some((fix) => fix.kind === 'recreate');
  if (rolls && owner !== undefined)
    lines.push(
      `all pods of ${owner.kind} ${owner.name} are created anew${owner.replicas === undefined ? '' : ` (${owner.replicas})`}`,
    );
  if (rolls && owner?.managedBy !== undefined)
    lines.push(
      `${owner.kind} ${owner.name} is managed by ${owner.managedBy}, which may revert a change of its template`,
    );
  if (rolls && owner === undefined && c.pod !== undefined) lines.push(`pod ${c.pod.name} is away for some seconds`);
  return lines;
}

function short(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;
}
