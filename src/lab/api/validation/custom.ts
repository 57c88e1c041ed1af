import type { KubeObject } from '../../object.ts';
import { each, type Part } from '../../store/defaults/fill.ts';
import type { Cause } from '../../store/errors.ts';
import { nameOf, type Resource } from '../../store/resources.ts';
import type { Context } from '../call.ts';
import { DEFINITIONS } from '../resource-index.ts';
import { prune, validateSchema } from './schema.ts';

/** Validates a custom object by its definition's schema. */
export function validateCustom(context: Context, resource: Resource, object: KubeObject): Cause[] {
  const { apiVersion: _, kind: __, metadata: ___, ...fields } = object;
  return validateSchema(fields, schemaOf(context, resource), '');
}

/** Removes the fields that its definition does not know. */
export function pruneCustom(context: Context, resource: Resource, object: KubeObject): void {
  const { apiVersion, kind, metadata, ...fields } = object;
  prune(fields, schemaOf(context, resource));
  for (const field of Object.keys(object)) delete object[field];
  Object.assign(object, { apiVersion, kind, metadata }, fields);
}

/** JSONSchemaProps of the version that is asked for; undefined where it has none. */
export function schemaOf({ store }: Context, resource: Resource): Part {
  const definition = store.get(DEFINITIONS, undefined, nameOf(resource));
  return each(definition?.spec?.versions).find(({ name }) => name === resource.version)?.schema?.openAPIV3Schema;
}
