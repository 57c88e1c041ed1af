/** The networks annotation of the target's pod, where it cannot be read. */
import { valueIn } from '../model/fact.ts';
import { NETWORKS_ANNOTATION } from '../model/nad.ts';
import { type AnnotationFault, annotationFault } from '../model/networks-annotation.ts';
import type { Case } from './case.ts';

/** What is wrong with it; `undefined` also where networks were attached by it: what works is not called a fault. */
export function brokenAnnotation(c: Case): (AnnotationFault & { readonly text: string }) | undefined {
  const text = c.pod?.annotations[NETWORKS_ANNOTATION] ?? '';
  if (c.pod === undefined || c.pod.status?.some((status) => !status.default) === true) return undefined;
  const known = (valueIn(c.snapshot.cluster.attachments) ?? []).map((nad) => `${nad.namespace}/${nad.name}`);
  const fault = annotationFault(text, c.pod.namespace, c.primary, known);
  return fault === undefined ? undefined : { ...fault, text };
}
