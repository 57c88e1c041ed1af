import { NETWORKS_ANNOTATION } from '../../model/nad.ts';
import type { Rule } from '../rule.ts';
import { eventEvidence, evidence } from '../say.ts';
import { withoutAttachments } from '../skips.ts';

const REFUSED = /namespace isolation/i;

const rule: Rule = {
  id: 'nad-namespace-isolation',
  title: 'The pod may use attachments of the namespaces that it names',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'events'],
  skip: withoutAttachments,
  check: (c) => {
    const seen = eventEvidence(c, REFUSED);
    const foreign = c.attachments.filter((a) => a.selection.namespace !== c.pod?.namespace);
    if (seen.length === 0 || foreign.length === 0) return [];
    const names = foreign.map((a) => a.selection.name);
    const own = c.attachments.map((a) => `${a.selection.name}@${a.selection.interface}`).join(',');
    return [
      {
        summary: `Multus isolates namespaces: ${foreign.map((a) => `${a.selection.namespace}/${a.selection.name}`).join(', ')} is out of reach`,
        detail:
          'With namespaceIsolation, Multus refuses attachments of any namespace but the pod’s own (and those named in globalNamespaces).',
        advice: `Put a copy of ${names.join(', ')} into namespace ${c.pod?.namespace} and name it without a namespace.`,
        evidence: [
          ...seen,
          evidence(c.target.name, `annotation ${NETWORKS_ANNOTATION}`, c.pod?.annotations[NETWORKS_ANNOTATION] ?? ''),
        ],
        fixes: [
          ...foreign.map((a) => ({
            kind: 'attachment' as const,
            namespace: c.pod?.namespace ?? '',
            name: a.selection.name,
            from: { namespace: a.selection.namespace, name: a.selection.name },
            edits: [],
          })),
          { kind: 'annotate' as const, networks: own },
          { kind: 'recreate' as const },
        ],
      },
    ];
  },
};
export default rule;
