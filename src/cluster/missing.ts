import { didYouMean, nearNames } from './near.ts';
import { type Resource, resourceOf } from './resource.ts';

/** The names in a collection, given its path; may fail. */
type NamesIn = (collection: string) => Promise<readonly string[]>;

/**
 * What to add to `not found`: that the namespace does not exist, or the near names. Nothing when it cannot be looked up:
 * this never fails.
 */
export async function explainMissing(path: string, namesIn: NamesIn): Promise<string> {
  const it = resourceOf(path);
  if (it?.name === undefined) return '';
  try {
    const names = await namesIn(it.collection);
    if (names.length > 0 || it.namespace === undefined) return didYouMean(nearNames(it.name, names));
    return await explainNamespace(it, it.namespace, namesIn);
  } catch {
    return '';
  }
}

async function explainNamespace(it: Resource, namespace: string, namesIn: NamesIn): Promise<string> {
  const namespaces = await namesIn('/api/v1/namespaces');
  if (namespaces.includes(namespace)) return `; there are no ${it.resource} in this namespace`;
  return `: there is no such namespace${didYouMean(nearNames(namespace, namespaces))}`;
}
