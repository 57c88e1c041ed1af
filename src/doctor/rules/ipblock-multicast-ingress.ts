import type { PolicyFacts } from '../../facts/snapshot.ts';
import { parsePrefix } from '../../model/address.ts';
import { valueIn } from '../../model/fact.ts';
import { isMulticast } from '../../model/group.ts';
import type { Case } from '../case.ts';
import type { Rule } from '../rule.ts';
import { evidence, listing } from '../say.ts';

const rule: Rule = {
  id: 'ipblock-multicast-ingress',
  title: 'Ingress rules name senders, not groups',
  stage: 'manifest',
  severity: 'warning',
  needs: ['policies'],
  skip: (c) =>
    c.snapshot.manifests !== undefined && c.target.kind !== 'manifests'
      ? 'said of the manifests as a whole'
      : undefined,
  check: (c) =>
    policiesFor(c).flatMap((policy) => {
      const groups = policy.ingressPrefixes.filter(isGroups);
      if (groups.length === 0) return [];
      const name = `NetworkPolicy ${policy.namespace}/${policy.name}`;
      return [
        {
          summary: `${name} allows ingress from ${listing(groups)}, which is never a source`,
          detail:
            'The ipBlock of an ingress rule is compared with the source of a datagram, and a group is always its destination: the rule allows nothing.',
          advice:
            'Name the sender in ingress (its address as ipBlock, or a podSelector), and the group in egress of whoever sends. Secondary networks are not policed by these policies at all.',
          evidence: [evidence(policy.file ?? name, `${name} ingress ipBlock`, listing(groups))],
          fixes: [],
        },
      ];
    }),
};
export default rule;

/** All in files; in a cluster those of the target's pod. */
function policiesFor(c: Case): PolicyFacts[] {
  const all = valueIn(c.snapshot.cluster.policies) ?? [];
  if (c.target.kind === 'manifests') return [...all];
  return all.filter((policy) => policy.selectsTarget && policy.namespace === c.pod?.namespace);
}

function isGroups(text: string): boolean {
  const prefix = parsePrefix(text);
  return prefix !== undefined && isMulticast(prefix.address) && prefix.length >= (prefix.family === 4 ? 4 : 8);
}
