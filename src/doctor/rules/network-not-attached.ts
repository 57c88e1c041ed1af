import { valueIn } from '../../model/fact.ts';
import { NETWORKS_ANNOTATION, STATUS_ANNOTATION } from '../../model/nad.ts';
import type { Rule } from '../rule.ts';
import { at, evidence } from '../say.ts';
import { hasStatus, withoutAttachments } from '../skips.ts';

const rule: Rule = {
  id: 'network-not-attached',
  title: 'The networks that the annotation names were attached when the pod was created',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'podStatus'],
  skip: withoutAttachments,
  check: (c) => {
    const later = c.pod === undefined ? undefined : valueIn(c.pod.annotatedLater);
    const absent = c.attachments.filter((a) => a.status === undefined && a.link === undefined);
    // Without network-status and without a later annotation it is the meta-plugin that was not asked: another rule's cause.
    if (absent.length === 0 || c.pod?.podIPs.length === 0 || (!hasStatus(c) && later !== true)) return [];
    const names = absent.map((a) => a.selection.interface).join(', ');
    return [
      {
        summary: `${names} is missing: the pod was created before its annotation asked for it`,
        detail:
          'Networks are attached once, when the pod’s sandbox is made. An annotation added to a running pod changes nothing.',
        advice: 'Create the pod anew with the annotation in place.',
        evidence: [
          evidence(c.target.name, `annotation ${NETWORKS_ANNOTATION}`, c.pod?.annotations[NETWORKS_ANNOTATION] ?? ''),
          evidence(
            c.target.name,
            `annotation ${STATUS_ANNOTATION}`,
            hasStatus(c)
              ? `lists ${c.pod?.status?.map((s) => s.interface ?? s.name).join(', ') || 'nothing'}`
              : 'absent',
          ),
          ...(c.ns.links.length > 0
            ? [evidence(at(c), 'links', `${c.ns.links.map((l) => l.name).join(', ')}: no ${names}`)]
            : []),
          ...(later === true
            ? [
                evidence(
                  c.target.name,
                  'metadata.managedFields',
                  'the annotation was written after the pod was created',
                ),
              ]
            : []),
        ],
        fixes: [
          ...absent.map((a) => ({
            kind: 'attachment' as const,
            namespace: a.selection.namespace,
            name: a.selection.name,
            edits: [],
          })),
          { kind: 'recreate' as const },
        ],
      },
    ];
  },
};
export default rule;
