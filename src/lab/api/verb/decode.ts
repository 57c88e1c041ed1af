/** From a request's body to an object, or the API server's words for why it is none. */
import type { KubeObject } from '../../object.ts';
import { isPart } from '../../store/defaults/fill.ts';
import { badRequest } from '../../store/errors.ts';
import { apiVersionOf, type Resource } from '../../store/resources.ts';
import type { Call } from '../call.ts';
import { toStored } from '../convert.ts';
import { mediaType, parseBody, readBody } from '../http/body.ts';
import { requireKnownFields } from '../validation/known-fields.ts';

/** The object in the body, in the path's namespace. Throws StatusError 400, 413, 415. */
export async function decode(call: Call): Promise<KubeObject> {
  const { resource, path, request } = call;
  const body = await readBody(request);
  const written = parseBody(body, mediaType(request), resource.kind);
  const object = checked(resource, path.namespace, structuredClone(written));
  if (call.query.get('fieldValidation') === 'Strict') requireKnownFields(call, written);
  return object;
}

/** Also what a patch made of an object goes through it. */
export function checked(resource: Resource, namespace: string | undefined, written: unknown): KubeObject {
  const { kind } = resource;
  if (!isPart(written)) throw badRequest(`the object provided is unrecognized (must be of type ${kind})`);
  const object = { ...written } as KubeObject;
  const expected = apiVersionOf(resource);
  object.kind ??= kind;
  object.apiVersion ??= expected;
  if (object.apiVersion !== expected || object.kind !== kind) throw wrongKind(object, resource);
  const metadata: unknown = object.metadata ?? {};
  if (!isPart(metadata)) throw unfit(resource, metadata, `${kind}.metadata of type v1.ObjectMeta`);
  object.metadata = { ...metadata } as unknown as KubeObject['metadata'];
  for (const field of ['labels', 'annotations'] as const) checkTexts(resource, object, field);
  checkShape(resource, object);
  dropNulls(object);
  if (resource.namespaced && namespace !== undefined) {
    if (object.metadata.namespace && object.metadata.namespace !== namespace) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    }
    object.metadata.namespace = namespace;
  }
  return toStored(resource, object);
}

function wrongKind({ kind, apiVersion }: KubeObject, resource: Resource): Error {
  const version = String(apiVersion).split('/').at(-1);
  const what = `${kind} in version "${version}" cannot be handled as a ${resource.kind}`;
  if (kind === resource.kind) {
    return badRequest(
      `${what}: no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:110"`,
    );
  }
  const group = resource.group === '' ? 'core' : resource.group.split('.')[0];
  return badRequest(`${what}: converting (${version}.${kind}) to (${group}.${resource.kind}): unknown conversion`);
}

/** Maps of text to text. */
function checkTexts(resource: Resource, { metadata }: KubeObject, field: 'labels' | 'annotations'): void {
  const map: unknown = metadata[field];
  if (map === undefined || map === null) return;
  if (!isPart(map)) throw unfit(resource, map, `ObjectMeta.metadata.${field} of type map[string]string`);
  for (const [key, value] of Object.entries(map)) {
    if (value === null) delete map[key];
    else if (typeof value !== 'string') throw unfit(resource, value, `ObjectMeta.metadata.${field} of type string`);
  }
}

/** The parts that the lab itself looks into: what is no list or map there would break more than the request. */
function checkShape(resource: Resource, object: KubeObject): void {
  if (resource.custom) return;
  for (const field of ['spec', 'status', 'data']) {
    const value: unknown = object[field];
    if (value != null && !isPart(value)) {
      throw unfit(resource, value, `${resource.kind}.${field} of type v1.${resource.kind}${capital(field)}`);
    }
  }
  const { spec } = object;
  const template = spec?.jobTemplate?.spec?.template ?? spec?.template;
  const podSpec = resource.kind === 'Pod' ? spec : template?.spec;
  if (podSpec == null) return;
  const path = resource.kind === 'Pod' ? 'spec' : 'spec.template.spec';
  for (const [field, type] of POD_LISTS) {
    const value: unknown = podSpec[field];
    if (value != null && !Array.isArray(value))
      throw unfit(resource, value, `PodSpec.${path}.${field} of type []v1.${type}`);
  }
}

const POD_LISTS = [
  ['containers', 'Container'],
  ['initContainers', 'Container'],
  ['ephemeralContainers', 'EphemeralContainer'],
  ['volumes', 'Volume'],
  ['tolerations', 'Toleration'],
] as const;

function unfit({ kind, version }: Resource, value: unknown, where: string): Error {
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : isPart(value) ? 'object' : GO[typeof value];
  return badRequest(
    `${kind} in version "${version}" cannot be handled as a ${kind}: json: cannot unmarshal ${type} into Go struct field ${where}`,
  );
}

const GO: Readonly<Record<string, string>> = { string: 'string', number: 'number', boolean: 'bool' };

/** A null is as good as nothing, in what Go would read into structures; events alone show theirs. */
function dropNulls(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [field, inner] of Object.entries(value)) {
    if (inner === null && !Array.isArray(value)) delete (value as Record<string, unknown>)[field];
    else dropNulls(inner);
  }
}

function capital(word: string): string {
  return word.replace(/^./, (letter) => letter.toUpperCase());
}
