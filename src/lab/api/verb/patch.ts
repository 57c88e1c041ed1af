import type { KubeObject } from '../../object.ts';
import { badRequest, invalid } from '../../store/errors.ts';
import { StatusError } from '../../store.ts';
import { type Call, isDryRun } from '../call.ts';
import { shown } from '../convert.ts';
import type { Answer } from '../http/answer.ts';
import { mediaType, parseBody, readBody, unknownFormat } from '../http/body.ts';
import { methodNotAllowed } from '../http/status.ts';
import { jsonPatch } from '../patch/json-patch.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { isMap, type Json, type JsonMap } from '../patch/part.ts';
import { strategicMerge } from '../patch/strategic-merge.ts';
import * as present from '../present.ts';
import { make } from './create.ts';
import { checked } from './decode.ts';
import { modify } from './modify.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';

/** PATCH in any of the four ways. */
export async function patch(call: Call): Promise<Answer> {
  if (call.path.name === undefined) throw methodNotAllowed();
  const type = mediaType(call.request);
  const body = await readBody(call.request);
  if (type === APPLY) return apply(call, parseBody(body, 'application/yaml', call.resource.kind));
  const how = mergerOf(type, call.resource.custom);
  const given: unknown = parseBody(body, type === JSON_PATCH ? 'application/yaml' : 'application/json', 'patch');
  const change = (before: KubeObject) => patched(call, before, (object) => how(object, given as Json));
  return present.one(call, modify(call, change));
}

function mergerOf(type: string, custom: boolean): (object: JsonMap, patch: Json) => Json {
  if (type === JSON_PATCH) return jsonPatch;
  if (type === MERGE) return (object, patch) => mergePatch(object, asMap(patch));
  if (type === STRATEGIC && !custom) return (object, patch) => strategicMerge(object, asMap(patch));
  if (type !== STRATEGIC) throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type');
  throw unknownFormat([JSON_PATCH, MERGE, APPLY]);
}

function asMap(patch: Json): JsonMap {
  if (isMap(patch)) return patch;
  throw badRequest(
    'error decoding patch: json: cannot unmarshal a value that is no object into Go value of type map[string]interface {}',
  );
}

/** Patches see the object as the client sees it. */
function patched(call: Call, before: KubeObject, how: (object: JsonMap) => Json): KubeObject {
  const { resource, path } = call;
  const object = shown(resource, before) as unknown as JsonMap;
  return checked(resource, path.namespace, how(object));
}

/** Makes the object where there is none. */
function apply(call: Call, written: unknown): Answer {
  const { context, resource, path, query } = call;
  const manager = query.get('fieldManager') ?? '';
  if (manager === '') throw withoutManager();
  if (!isMap(written)) throw badRequest('error decoding YAML: no object');
  const name = path.name ?? '';
  const file = { ...written, metadata: { name, ...(isMap(written.metadata) ? written.metadata : {}) } };
  const found = context.store.get(resource.storage, path.namespace, name);
  const object =
    found === undefined
      ? make(call, checked(resource, path.namespace, structuredClone(file)))
      : modify(call, (before) =>
          patched(call, before, (now) => context.applied.merge(resource, before.metadata.uid, manager, now, file)),
        );
  if (!isDryRun(call)) context.applied.remember(object.metadata.uid, manager, file);
  return present.one(call, object, found === undefined ? 201 : 200);
}

function withoutManager(): StatusError {
  const message = 'Required value: is required for apply patch';
  return invalid('PatchOptions', 'meta.k8s.io', '', [{ reason: 'FieldValueRequired', field: 'fieldManager', message }]);
}
