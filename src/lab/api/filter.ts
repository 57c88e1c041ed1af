import type { KubeObject } from '../object.ts';
import type { Call } from './call.ts';
import { meetsFields, parseFieldSelector } from './selector/field-selector.ts';
import { parseLabelSelector } from './selector/label-selector.ts';

/** Which objects a list, watch or deletecollection is about: of the namespace, the name and the selectors. Throws StatusError 400. */
export function filterOf({ path, query, resource }: Call): (object: KubeObject) => boolean {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '', resource);
  const { namespace, name } = path;
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    labels(object.metadata.labels ?? {}) &&
    meetsFields(object, fields);
}
