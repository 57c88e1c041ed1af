import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../../object.ts';
import { setDefaults } from '../../store/defaults.ts';
import { alreadyExists } from '../../store/errors.ts';
import { generatedName, timestamp } from '../../store/names.ts';
import { checkNamespace } from '../../store/namespace.ts';
import { nameOf } from '../../store/resources.ts';
import { admit } from '../admission.ts';
import { type Call, isDryRun } from '../call.ts';
import type { Answer } from '../http/answer.ts';
import { methodNotAllowed } from '../http/status.ts';
import * as present from '../present.ts';
import { pruneCustom } from '../validation/custom.ts';
import { requireValid } from '../validation/validate.ts';
import { decode } from './decode.ts';

/** POST to a collection. */
export async function create(call: Call): Promise<Answer> {
  if (call.path.name !== undefined) throw methodNotAllowed();
  return present.one(call, make(call, await decode(call)), 201);
}

/** Validates and stores, or only says what would be stored. */
export function make(call: Call, object: KubeObject): KubeObject {
  const { context, resource } = call;
  const { store } = context;
  const { metadata } = object;
  // Whatever runs the object says how it is.
  if (resource.subresources.includes('status')) delete object.status;
  if (!metadata.name && metadata.generateName) metadata.name = generatedName(metadata.generateName);
  if (!resource.namespaced) delete metadata.namespace;
  else if (metadata.namespace !== undefined) checkNamespace(store, resource.storage, metadata.namespace, metadata.name);
  if (resource.custom) pruneCustom(context, resource, object);
  const preview = structuredClone(object);
  Object.assign(preview.metadata, { uid: randomUUID(), creationTimestamp: timestamp() });
  setDefaults(resource.storage, preview);
  requireValid(context, resource, preview);
  admit(store, resource, preview);
  if (!isDryRun(call)) return store.create(resource.storage, object);
  if (store.get(resource.storage, metadata.namespace, metadata.name) !== undefined) {
    throw alreadyExists(nameOf(resource), metadata.name);
  }
  return preview;
}
