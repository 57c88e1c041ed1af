import { canonicalAddress, hostPrefix, parsePrefix } from '../../model/address.ts';
import { soundConfig } from '../attachment.ts';
import type { Rule } from '../rule.ts';
import { atNad, eventEvidence, evidence, listing } from '../say.ts';
import { withoutAttachments } from '../skips.ts';

const rule: Rule = {
  id: 'nad-route-without-prefix',
  title: "The attachments' routes have prefix lengths",
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'attachments'],
  skip: withoutAttachments,
  check: (c) =>
    c.attachments.flatMap((a) => {
      const bad = (soundConfig(a)?.routes ?? [])
        .map((route) => route.dst)
        .filter((dst) => parsePrefix(dst) === undefined);
      if (bad.length === 0) return [];
      const meant = bad.map((dst) =>
        canonicalAddress(dst) === undefined ? `"${dst}"` : hostPrefix(canonicalAddress(dst)!),
      );
      return [
        {
          summary: `route ${listing(bad)} is no prefix`,
          detail:
            'CNI wants ADDRESS/LENGTH. It refuses the whole configuration ("invalid CIDR address"), so the pod never starts.',
          advice: `Write ${listing(meant)}.`,
          evidence: [
            evidence(atNad(a), 'spec.config ipam.routes', bad.map((dst) => `"dst": "${dst}"`).join(', ')),
            ...eventEvidence(c, /invalid CIDR address/i),
          ],
          fixes: [
            { kind: 'attachment' as const, namespace: a.selection.namespace, name: a.selection.name, edits: [] },
            { kind: 'recreate' as const },
          ],
        },
      ];
    }),
};
export default rule;
