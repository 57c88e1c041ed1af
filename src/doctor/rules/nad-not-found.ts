import { nearNames } from '../../cluster/near.ts';
import type { NadFacts } from '../../facts/snapshot.ts';
import { valueIn } from '../../model/fact.ts';
import { isObject, type Json, NETWORKS_ANNOTATION } from '../../model/nad.ts';
import { brokenAnnotation } from '../annotation.ts';
import type { Attachment } from '../attachment.ts';
import type { Case } from '../case.ts';
import { lanFlows } from '../expected.ts';
import type { Fix } from '../fix.ts';
import type { Rule } from '../rule.ts';
import { atNad, eventEvidence, evidence } from '../say.ts';
import { withoutAttachments } from '../skips.ts';
import { interfacesOf } from '../traffic.ts';

const rule: Rule = {
  id: 'nad-not-found',
  title: 'Every network that the pod asks for has its attachment',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'attachments'],
  skip: (c) =>
    withoutAttachments(c) ?? (brokenAnnotation(c) === undefined ? undefined : 'the annotation cannot be read'),
  check: (c) =>
    c.attachments
      .filter((a) => a.nad === undefined)
      .map((a) => {
        const { namespace, name } = a.selection;
        const all = valueIn(c.snapshot.cluster.attachments) ?? [];
        const twin = all.find((nad) => nad.name === name);
        const meant = meantNad(c, a);
        const surplus = meant === undefined && twin === undefined && isSlipOfNamed(c, a);
        const other =
          twin !== undefined
            ? `; one of that name is in namespace ${twin.namespace}`
            : meant === undefined
              ? ''
              : `; ${meant.name} is there`;
        // A list of files is no list of the cluster.
        const elsewhere = c.snapshot.manifests !== undefined;
        return {
          severity: elsewhere ? ('warning' as const) : ('error' as const),
          summary: elsewhere
            ? `attachment ${namespace}/${name} is not in the files${other}`
            : `no attachment ${namespace}/${name} exists`,
          detail: `The annotation names ${a.selection.name}, which namespace ${a.selection.namespace} does not have${elsewhere ? ' in the files' : ''}${other}. ${elsewhere ? 'Unless the cluster has it, the' : 'The'} pod cannot start, or starts without ${a.selection.interface}.`,
          advice:
            meant !== undefined
              ? `Correct the name in the annotation: ${pathOf(c, meant)}.`
              : twin === undefined
                ? elsewhere
                  ? 'Name its file too, or make sure that the cluster has it.'
                  : surplus
                    ? `Take ${name} out of the annotation: what it seems to mean stands there already.`
                    : 'Create the attachment, or correct the name in the annotation.'
                : `Put a copy of ${twin.namespace}/${twin.name} into namespace ${a.selection.namespace}: naming the other namespace works too, unless Multus isolates namespaces.`,
          evidence: [
            evidence(c.target.name, `annotation ${NETWORKS_ANNOTATION}`, c.pod?.annotations[NETWORKS_ANNOTATION] ?? ''),
            evidence(atNad(a), elsewhere ? 'files' : 'API', `does not exist${other}`),
            ...eventEvidence(c, /network-attachment-definition|NetworkAttachmentDefinition/i),
          ],
          fixes: elsewhere
            ? []
            : [...fixesFor(c, a, meant, surplus ? undefined : (twin ?? 'none')), { kind: 'recreate' as const }],
        };
      }),
};
export default rule;

type Twin = Pick<NadFacts, 'namespace' | 'name'>;

/** `undefined` for `twin`: nothing is to be attached. */
function fixesFor(c: Case, a: Attachment, meant: Twin | undefined, twin: Twin | 'none' | undefined): Fix[] {
  const { namespace, name } = a.selection;
  if (meant !== undefined || twin === undefined) return [{ kind: 'annotate', networks: rewritten(c, a, meant) }];
  if (twin !== 'none')
    return [{ kind: 'attachment', namespace, name, from: { namespace: twin.namespace, name: twin.name }, edits: [] }];
  // On the NIC that carries the group, where it was seen; the name stays the one that the pod asks for.
  return [{ kind: 'attach-new', parent: interfacesOf(lanFlows(c))[0], as: { namespace, name } }];
}

/**
 * The attachment that must be meant: one of the same name in the pod's own namespace, where no isolation can forbid it, else the
 * only one, there or in the namespace that is named, whose name is a slip away and that the pod does not name already.
 */
function meantNad(c: Case, a: Attachment): Twin | undefined {
  const { namespace, name } = a.selection;
  const own = c.pod?.namespace;
  const there = (valueIn(c.snapshot.cluster.attachments) ?? []).filter(
    (nad) => (nad.namespace === namespace || nad.namespace === own) && !isNamed(c, nad),
  );
  const same = there.find((nad) => nad.namespace === own && nad.name === name);
  const near = nearNames(
    name,
    there.map((nad) => nad.name),
  );
  return same ?? (near.length === 1 ? there.find((nad) => nad.name === near[0]) : undefined);
}

/** The pod asks twice, once with a slip. */
function isSlipOfNamed(c: Case, a: Attachment): boolean {
  const named = c.attachments.filter((other) => other !== a && other.nad !== undefined);
  const near = nearNames(
    a.selection.name,
    named.map((other) => other.selection.name),
  );
  return near.length === 1;
}

function isNamed(c: Case, nad: Twin): boolean {
  return c.attachments.some(({ selection: s }) => s.namespace === nad.namespace && s.name === nad.name);
}

function pathOf(c: Case, { namespace, name }: Twin): string {
  return namespace === c.pod?.namespace ? name : `${namespace}/${name}`;
}

/** The annotation with another attachment at this network's place, or without it, in the form that it has. */
function rewritten(c: Case, a: Attachment, nad: Twin | undefined): string {
  const text = c.pod?.annotations[NETWORKS_ANNOTATION]?.trim() ?? '';
  const index = c.attachments.indexOf(a);
  const place = <T>(list: readonly T[], change: (item: T) => T) =>
    list.flatMap((item, i) => (i !== index ? [item] : nad === undefined ? [] : [change(item)]));
  if (!text.startsWith('['))
    return place(text.split(','), (item) => `${pathOf(c, nad!)}${/@.*/.exec(item.trim())?.[0] ?? ''}`).join(',');
  const changed = (item: unknown) => (isObject(item) ? { ...item, ...inNamespace(c, item, nad!) } : item);
  return JSON.stringify(place(JSON.parse(text) as unknown[], changed));
}

/** A list that names the namespace goes on naming it. */
function inNamespace(c: Case, item: Json, { namespace, name }: Twin): Json {
  return 'namespace' in item || namespace !== c.pod?.namespace ? { namespace, name } : { name };
}
