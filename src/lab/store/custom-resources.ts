import type { KubeObject } from '../object.ts';
import { nameOf, type Resource } from './resources.ts';

/** What a CustomResourceDefinition (apiextensions.k8s.io/v1) adds: one resource a served version. */
export function customResources(definition: KubeObject): Resource[] {
  const { group, names, scope, versions } = definition.spec ?? {};
  if (typeof group !== 'string' || typeof names?.plural !== 'string' || !Array.isArray(versions)) return [];
  return versions
    .filter((version) => version?.served === true && typeof version.name === 'string')
    .map((version) => ({
      plural: names.plural,
      singular: names.singular ?? String(names.kind).toLowerCase(),
      kind: names.kind,
      group,
      version: version.name,
      namespaced: scope === 'Namespaced',
      shortNames: names.shortNames ?? [],
      categories: names.categories ?? [],
      subresources: Object.keys(version.subresources ?? {}),
      custom: true,
      storage: nameOf({ plural: names.plural, group }),
    }));
}
