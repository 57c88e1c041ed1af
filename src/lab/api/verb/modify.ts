/** What PUT, PATCH and apply have in common: from the object as it is to the object as it shall be. */
import type { KubeObject } from '../../object.ts';
import { setDefaults } from '../../store/defaults.ts';
import { badRequest, conflict, invalid } from '../../store/errors.ts';
import { nameOf, type Resource } from '../../store/resources.ts';
import { StatusError } from '../../store.ts';
import { type Call, isDryRun } from '../call.ts';
import { pruneCustom } from '../validation/custom.ts';
import { requireAllowedChange } from '../validation/immutable.ts';
import { requireValid } from '../validation/validate.ts';
import { wrong } from '../validation/words.ts';
import { existing } from './read.ts';

/** Throws StatusError 400, 404, 409, 422. */
export function modify(call: Call, change: (before: KubeObject) => KubeObject): KubeObject {
  const { context, resource, path } = call;
  const before = existing(call);
  const next = ofPart(resource, path.subresource, before, change(structuredClone(before)));
  checkIdentity(call, before, next);
  if (resource.custom) pruneCustom(context, resource, next);
  setDefaults(resource.storage, next, before);
  if (path.subresource !== 'status') {
    requireAllowedChange(resource, path.subresource, next, before);
    requireValid(context, resource, next);
  }
  if (isDryRun(call)) return next;
  return context.store.mutate(resource.storage, path.namespace, before.metadata.name, (object) => {
    for (const field of Object.keys(object)) delete object[field];
    Object.assign(object, next);
  });
}

function checkIdentity({ resource, verb }: Call, before: KubeObject, { metadata }: KubeObject): void {
  const { name } = before.metadata;
  if (metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (metadata.uid && metadata.uid !== before.metadata.uid) {
    if (verb === 'patch') {
      throw invalid(resource.kind, resource.group, name, [wrong('metadata.uid', metadata.uid, 'field is immutable')]);
    }
    throw conflict(nameOf(resource), name, otherUid(resource, before, metadata.uid));
  }
  if (metadata.resourceVersion && metadata.resourceVersion !== before.metadata.resourceVersion) {
    const why = 'the object has been modified; please apply your changes to the latest version and try again';
    throw conflict(nameOf(resource), name, why);
  }
}

function otherUid({ plural }: Resource, { metadata }: KubeObject, wanted: string): string {
  const key = `/${plural}/${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
  const why = `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${metadata.uid}`;
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
}

/** Each path changes its own part: the object all but the status, a subresource only what it is named for. */
function ofPart(resource: Resource, subresource: string | undefined, before: KubeObject, next: KubeObject): KubeObject {
  switch (subresource) {
    case undefined:
      return resource.subresources.includes('status') ? withField(next, 'status', before.status) : next;
    case 'status':
      return { ...before, metadata: next.metadata, ...(next.status === undefined ? {} : { status: next.status }) };
    case 'ephemeralcontainers':
      return withSpec(before, next, 'ephemeralContainers');
    case 'finalize':
      return withSpec(before, next, 'finalizers');
    default:
      throw new StatusError(404, 'NotFound', 'the server could not find the requested resource');
  }
}

function withField(object: KubeObject, field: string, value: unknown): KubeObject {
  const { [field]: _, ...rest } = object;
  return (value === undefined ? rest : { ...rest, [field]: value }) as KubeObject;
}

function withSpec(before: KubeObject, next: KubeObject, field: string): KubeObject {
  const { resourceVersion } = next.metadata;
  const { name, uid } = next.metadata;
  const value: unknown = next.spec?.[field];
  const spec = { ...before.spec, ...(value === undefined ? {} : { [field]: value }) };
  return { ...before, metadata: { ...before.metadata, name, uid, resourceVersion }, spec };
}
