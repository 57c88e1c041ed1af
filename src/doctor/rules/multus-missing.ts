import { valueIn } from '../../model/fact.ts';
import { NETWORKS_ANNOTATION } from '../../model/nad.ts';
import type { Rule } from '../rule.ts';
import { evidence } from '../say.ts';
import { hasStatus, withoutAttachments } from '../skips.ts';

const rule: Rule = {
  id: 'multus-missing',
  title: 'The cluster has a meta-plugin for secondary networks',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'metaPlugin'],
  skip: withoutAttachments,
  check: (c) => {
    const meta = valueIn(c.snapshot.cluster.metaPlugin);
    if (meta?.present !== false || hasStatus(c) || c.attachments.some((a) => a.link !== undefined)) return [];
    return [
      {
        summary: 'nothing in this cluster attaches secondary networks',
        detail: `The annotation ${NETWORKS_ANNOTATION} is read by Multus (or another meta-plugin); without one it is a note that nobody reads.`,
        advice: 'Install Multus on every node, then create the pod anew.',
        evidence: [
          evidence('cluster', 'API', meta.evidence),
          evidence(c.target.name, `annotation ${NETWORKS_ANNOTATION}`, c.pod?.annotations[NETWORKS_ANNOTATION] ?? ''),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'cluster',
            title: 'Install Multus (its thick or thin DaemonSet) and create the pod anew',
          },
        ],
      },
    ];
  },
};
export default rule;
