import { valueIn } from '../../model/fact.ts';
import { NETWORKS_ANNOTATION } from '../../model/nad.ts';
import type { Rule } from '../rule.ts';
import { atNad, eventEvidence, evidence } from '../say.ts';
import { withoutAttachments } from '../skips.ts';

const rule: Rule = {
  id: 'nad-not-found',
  title: 'Every network that the pod asks for has its attachment',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'attachments'],
  skip: withoutAttachments,
  check: (c) =>
    c.attachments
      .filter((a) => a.nad === undefined)
      .map((a) => {
        const twin = valueIn(c.snapshot.cluster.attachments)?.find((nad) => nad.name === a.selection.name);
        const other = twin === undefined ? '' : `; one of that name is in namespace ${twin.namespace}`;
        return {
          summary: `no attachment ${a.selection.namespace}/${a.selection.name} exists`,
          detail: `The annotation names ${a.selection.name}, which namespace ${a.selection.namespace} does not have${other}. The pod cannot start, or starts without ${a.selection.interface}.`,
          advice:
            twin === undefined
              ? 'Create the attachment, or correct the name in the annotation.'
              : `Put a copy of ${twin.namespace}/${twin.name} into namespace ${a.selection.namespace}: naming the other namespace works too, unless Multus isolates namespaces.`,
          evidence: [
            evidence(c.target.name, `annotation ${NETWORKS_ANNOTATION}`, c.pod?.annotations[NETWORKS_ANNOTATION] ?? ''),
            evidence(atNad(a), 'API', `does not exist${other}`),
            ...eventEvidence(c, /network-attachment-definition|NetworkAttachmentDefinition/i),
          ],
          fixes:
            twin === undefined
              ? [{ kind: 'attach-new' as const, parent: undefined }, { kind: 'recreate' as const }]
              : [
                  {
                    kind: 'attachment' as const,
                    namespace: a.selection.namespace,
                    name: a.selection.name,
                    from: { namespace: twin.namespace, name: twin.name },
                    edits: [],
                  },
                  { kind: 'recreate' as const },
                ],
        };
      }),
};
export default rule;
