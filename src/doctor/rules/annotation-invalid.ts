import { NETWORKS_ANNOTATION } from '../../model/nad.ts';
import { brokenAnnotation } from '../annotation.ts';
import type { Rule } from '../rule.ts';
import { eventEvidence, evidence } from '../say.ts';

const rule: Rule = {
  id: 'annotation-invalid',
  title: 'The annotation that asks for networks can be read',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod'],
  skip: (c) => (c.target.kind === 'pod' || c.pod !== undefined ? undefined : 'the target is no pod'),
  check: (c) => {
    const broken = brokenAnnotation(c);
    if (broken === undefined || c.pod?.hostNetwork === true) return [];
    const { text, what, mended } = broken;
    return [
      {
        summary: `the annotation ${NETWORKS_ANNOTATION} cannot be read: ${what}`,
        detail:
          'The meta-plugin reads it when the pod is created, and refuses the pod where it cannot: the sandbox is never made, or the pod starts without the interface.',
        advice:
          mended === undefined
            ? 'Correct it by hand: NAMESPACE/NAME@INTERFACE with commas between, or a JSON list of objects with "name".'
            : `Write ${mended} instead, and create the pod anew.`,
        evidence: [
          evidence(c.target.name, `annotation ${NETWORKS_ANNOTATION}`, text),
          ...eventEvidence(c, /annotation|network selection|interface name|JSON|failed to mac|macvlan|ipvlan/i),
        ],
        fixes:
          mended === undefined
            ? [
                {
                  kind: 'advice',
                  on: 'cluster',
                  title: `Correct the annotation ${NETWORKS_ANNOTATION} of the pod or its template (${what}), and create the pod anew`,
                },
              ]
            : [{ kind: 'annotate', networks: mended }, { kind: 'recreate' }],
      },
    ];
  },
};
export default rule;
