import { nearNames } from '../../cluster/near.ts';
import { valueIn } from '../../model/fact.ts';
import { isObject, NETWORKS_ANNOTATION } from '../../model/nad.ts';
import type { Attachment } from '../attachment.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
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
        const { namespace, name } = a.selection;
        const all = valueIn(c.snapshot.cluster.attachments) ?? [];
        const twin = all.find((nad) => nad.name === name);
        const meant = twin === undefined ? meantName(c, a) : undefined;
        const other =
          twin !== undefined
            ? `; one of that name is in namespace ${twin.namespace}`
            : meant === undefined
              ? ''
              : `; ${meant} is there`;
        const copied: Fix[] =
          twin === undefined
            ? [{ kind: 'attach-new', parent: undefined }]
            : [
                {
                  kind: 'attachment',
                  namespace,
                  name,
                  from: { namespace: twin.namespace, name: twin.name },
                  edits: [],
                },
              ];
        // A list of files is no list of the cluster.
        const elsewhere = c.snapshot.manifests !== undefined;
        return {
          severity: elsewhere ? ('warning' as const) : ('error' as const),
          summary: elsewhere
            ? `attachment ${namespace}/${name} is not in the files${other}`
            : `no attachment ${namespace}/${name} exists`,
          detail: `The annotation names ${a.selection.name}, which namespace ${a.selection.namespace} does not have${elsewhere ? ' in the files' : ''}${other}. ${elsewhere ? 'Unless the cluster has it, the' : 'The'} pod cannot start, or starts without ${a.selection.interface}.`,
          advice:
            twin === undefined
              ? meant === undefined
                ? elsewhere
                  ? 'Name its file too, or make sure that the cluster has it.'
                  : 'Create the attachment, or correct the name in the annotation.'
                : `Correct the name in the annotation: ${meant}.`
              : `Put a copy of ${twin.namespace}/${twin.name} into namespace ${a.selection.namespace}: naming the other namespace works too, unless Multus isolates namespaces.`,
          evidence: [
            evidence(c.target.name, `annotation ${NETWORKS_ANNOTATION}`, c.pod?.annotations[NETWORKS_ANNOTATION] ?? ''),
            evidence(atNad(a), elsewhere ? 'files' : 'API', `does not exist${other}`),
            ...eventEvidence(c, /network-attachment-definition|NetworkAttachmentDefinition/i),
          ],
          fixes: elsewhere
            ? []
            : [
                ...(meant === undefined ? copied : [{ kind: 'annotate' as const, networks: renamed(c, a, meant) }]),
                { kind: 'recreate' as const },
              ],
        };
      }),
};
export default rule;

/** The name, if one alone, of an attachment that is there, that the pod does not name, and whose name is a slip away from what it names. */
function meantName(c: Case, a: Attachment): string | undefined {
  const { namespace, name } = a.selection;
  const there = (valueIn(c.snapshot.cluster.attachments) ?? [])
    .filter((nad) => nad.namespace === namespace)
    .map((nad) => nad.name)
    .filter((nad) => !c.attachments.some(({ selection: s }) => s.namespace === namespace && s.name === nad));
  const near = nearNames(name, there);
  return near.length === 1 ? near[0] : undefined;
}

/** The annotation with another name at this network's place, in the form that it has. */
function renamed(c: Case, a: Attachment, name: string): string {
  const text = c.pod?.annotations[NETWORKS_ANNOTATION]?.trim() ?? '';
  const index = c.attachments.indexOf(a);
  if (!text.startsWith('['))
    return text
      .split(',')
      .map((item, i) => (i === index ? item.replace(a.selection.name, name) : item))
      .join(',');
  const list = JSON.parse(text) as unknown[];
  return JSON.stringify(list.map((item, i) => (i === index && isObject(item) ? { ...item, name } : item)));
}
