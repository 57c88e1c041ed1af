import { isPart } from '../../store/defaults/fill.ts';
import { invalid } from '../../store/errors.ts';
import { timestamp } from '../../store/names.ts';
import { AUDIENCE } from '../auth/tokens.ts';
import type { Call } from '../call.ts';
import { type Answer, created } from '../http/answer.ts';
import { mediaType, parseBody, readBody } from '../http/body.ts';
import { existing } from '../verb/read.ts';

const HOUR = 3600;
const SHORTEST = 600;

/** POST of a TokenRequest (authentication.k8s.io/v1) to a service account. */
export async function token(call: Call): Promise<Answer> {
  const body = parseBody(await readBody(call.request), mediaType(call.request), 'TokenRequest');
  const account = existing(call);
  const spec = isPart(body) && isPart(body.spec) ? body.spec : {};
  const seconds = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds : HOUR;
  if (seconds < SHORTEST) throw tooShort(seconds);
  const audiences =
    Array.isArray(spec.audiences) && spec.audiences.length > 0 ? spec.audiences.map(String) : [AUDIENCE];
  const { name, namespace } = account.metadata;
  const value = call.context.tokens.issue(account, { seconds, audiences, ...boundPod(spec.boundObjectRef) });
  return created({
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: timestamp() },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token: value, expirationTimestamp: timestamp(Date.now() + seconds * 1000) },
  });
}

function boundPod(reference: unknown) {
  if (!isPart(reference) || reference.kind !== 'Pod') return {};
  return { pod: { name: String(reference.name), uid: String(reference.uid) } };
}

function tooShort(seconds: number): Error {
  const message = `Invalid value: ${seconds}: may not specify a duration less than 10 minutes`;
  const field = 'spec.expirationSeconds';
  return invalid('TokenRequest', 'authentication.k8s.io', '', [{ reason: 'FieldValueInvalid', field, message }]);
}
