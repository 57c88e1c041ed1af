import type { KubeObject } from '../../object.ts';
import { badRequest } from '../../store/errors.ts';
import type { Call } from '../call.ts';
import { type Answer, ok } from '../http/answer.ts';
import { mediaType, parseBody, readBody } from '../http/body.ts';
import { methodNotAllowed } from '../http/status.ts';
import { jsonPatch } from '../patch/json-patch.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { isMap, type Json } from '../patch/part.ts';
import { selector } from '../table/text.ts';
import { modify } from '../verb/modify.ts';
import { existing } from '../verb/read.ts';

/** autoscaling/v1 Scale: how many pods a workload shall have, and has. */
export async function scale(call: Call): Promise<Answer> {
  const { verb, request } = call;
  if (verb === 'get') return ok(scaleOf(existing(call)));
  if (verb !== 'update' && verb !== 'patch') throw methodNotAllowed();
  const type = mediaType(request);
  const given = parseBody(await readBody(request), 'application/yaml', 'Scale') as Json;
  const whole = { ...call, path: { ...call.path, subresource: undefined } };
  const changed = modify(whole, (object) => {
    const before = scaleOf(object) as unknown as Json;
    const wanted =
      verb === 'update'
        ? given
        : type.startsWith('application/json-patch')
          ? jsonPatch(before, given)
          : mergePatch(before, given);
    object.spec.replicas = replicasIn(wanted);
    return object;
  });
  return ok(scaleOf(changed));
}

function replicasIn(scale: Json): number {
  const spec = isMap(scale) ? scale.spec : undefined;
  const replicas = isMap(spec) ? (spec.replicas ?? 0) : undefined;
  if (typeof replicas === 'number' && Number.isInteger(replicas)) return replicas;
  throw badRequest('Scale in version "v1" cannot be handled as a Scale: spec.replicas is no number');
}

function scaleOf({ metadata, spec, status }: KubeObject): object {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec?.replicas ?? 0 },
    status: { replicas: status?.replicas ?? 0, selector: selector(spec?.selector) },
  };
}
