/** A short name for a pod template: the same for the same content, whatever the order of its fields. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

/** No vowels, so that no words come about (apimachinery/pkg/util/rand, SafeEncodeString). */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
export const HASH_LABEL = 'pod-template-hash';

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
}

/** Ten letters. (Kubernetes hashes Go's own picture of the template, which nobody else can.) */
export function templateHash(template: unknown): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(sorted(template)))
    .digest();
  return [...digest.subarray(0, 10)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** Whether two templates make the same pods: the label that a ReplicaSet has more does not count. */
export function isSameTemplate(a: Template, b: Template): boolean {
  return isDeepStrictEqual(withoutHash(a), withoutHash(b));
}

function withoutHash(template: Template): unknown {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
