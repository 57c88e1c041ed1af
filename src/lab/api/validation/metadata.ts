import type { KubeObject } from '../../object.ts';
import type { Cause } from '../../store/errors.ts';
import { nameOf, type Resource } from '../../store/resources.ts';
import * as words from './words.ts';

/** Name, labels and annotations. */
export function validateMetadata(resource: Resource, { metadata }: KubeObject): Cause[] {
  const { name, labels = {}, annotations = {} } = metadata;
  if (!name) return [words.required('metadata.name', 'name or generateName is required')];
  const causes: Cause[] = [];
  const wrongName = nameRule(resource)(name);
  if (wrongName !== undefined) causes.push(words.wrong('metadata.name', name, wrongName));
  causes.push(...validateLabels('metadata.labels', labels));
  for (const key of Object.keys(annotations)) {
    const why = words.wrongKey(key.toLowerCase());
    if (why !== undefined) causes.push(words.wrong('metadata.annotations', key, why));
  }
  return causes;
}

export function validateLabels(field: string, labels: Readonly<Record<string, unknown>>): Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const wrongKey = words.wrongKey(key);
    const wrongValue = words.wrongLabelValue(String(value));
    return [
      ...(wrongKey === undefined ? [] : [words.wrong(field, key, wrongKey)]),
      ...(wrongValue === undefined ? [] : [words.wrong(field, value, wrongValue)]),
    ];
  });
}

function nameRule(resource: Resource): (name: string) => string | undefined {
  if (resource.group === 'rbac.authorization.k8s.io') return words.wrongPathSegment;
  switch (nameOf(resource)) {
    case 'namespaces':
      return words.wrongNamespaceName;
    case 'services':
      return words.wrongServiceName;
    default:
      return words.wrongSubdomain;
  }
}
