import type { KubeObject } from '../../object.ts';
import { each, type Part } from '../../store/defaults/fill.ts';
import type { Cause } from '../../store/errors.ts';
import { nameOf, type Resource } from '../../store/resources.ts';
import type { Context } from '../call.ts';
import { DEFINITIONS } from '../resource-index.ts';
import { prune, validateSchema } from './schema.ts';

/** Validates a custom object, and removes fields that its definition does not know. */
export function validateCustom({ store }: Context, resource: Resource, object: KubeObject): Cause[] {
  const { apiVersion: _, kind: __, metadata: ___, ...fields } = object;
  const schema = schemaOf(store.get(DEFINITIONS, undefined, nameOf(resource)), resource.version);
  return validateSchema(fields, schema, '');
}

export function pruneCustom({ store }: Context, resource: Resource, object: KubeObject): void {
  const { apiVersion, kind, metadata, ...fields } = object;
  prune(fields, schemaOf(store.get(DEFINITIONS, undefined, nameOf(resource)), resource.version));
  for (const field of Object.keys(object)) delete object[field];
  Object.assign(object, { apiVersion, kind, metadata }, fields);
}

function schemaOf(definition: KubeObject | undefined, version: string): Part {
  return each(definition?.spec?.versions).find(({ name }) => name === version)?.schema?.openAPIV3Schema;
}
