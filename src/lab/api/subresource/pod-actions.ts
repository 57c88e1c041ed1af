import { isPart } from '../../store/defaults/fill.ts';
import { badRequest, conflict } from '../../store/errors.ts';
import type { Call } from '../call.ts';
import { type Answer, created } from '../http/answer.ts';
import { mediaType, parseBody, readBody } from '../http/body.ts';
import { success } from '../http/status.ts';
import { existing } from '../verb/read.ts';

/** POST of an Eviction (policy/v1): what `kubectl drain` does. There are no disruption budgets to ask. */
export async function evict(call: Call): Promise<Answer> {
  const body = parseBody(await readBody(call.request), mediaType(call.request), 'Eviction');
  const { name, namespace } = existing(call).metadata;
  const grace: unknown = isPart(body) ? body.deleteOptions?.gracePeriodSeconds : undefined;
  call.context.store.remove('pods', namespace, name, typeof grace === 'number' ? { grace } : {});
  return created(success());
}

/** POST of a Binding: a scheduler's word. */
export async function bind(call: Call): Promise<Answer> {
  const body = parseBody(await readBody(call.request), mediaType(call.request), 'Binding');
  const node: unknown = isPart(body) ? body.target?.name : undefined;
  if (typeof node !== 'string' || node === '') throw badRequest('Binding: target.name is needed');
  const { metadata, spec } = existing(call);
  if (spec.nodeName) {
    throw conflict(
      'pods/binding',
      metadata.name,
      `pod ${metadata.name} is already assigned to node "${spec.nodeName}"`,
    );
  }
  call.context.store.mutate('pods', metadata.namespace, metadata.name, (pod) => {
    pod.spec.nodeName = node;
  });
  return created(success());
}
