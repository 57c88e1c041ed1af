import { pipeline } from 'node:stream/promises';
import type { LogRequest } from '../../pod-runtime.ts';
import { invalid } from '../../store/errors.ts';
import type { Call } from '../call.ts';
import { wholeNumber } from '../number.ts';
import { isTrue } from '../request-path.ts';
import { existing } from '../verb/read.ts';
import { containerOf } from './container.ts';

/** GET of a container's log, as text; with `follow` until it ends or the client goes. */
export async function log(call: Call): Promise<undefined> {
  const { context, response } = call;
  const pod = existing(call);
  const request = logRequest(call, containerOf(pod, call.query.get('container')));
  if (!pod.spec.nodeName) {
    response.writeHead(204).end();
    return;
  }
  const stream = await context.runtime.logs(request);
  response.once('close', () => stream.destroy());
  response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  // A client that goes away is no failure, and there is nobody to tell of any other.
  await pipeline(stream, response).catch(() => response.destroy());
}

function logRequest({ path, query }: Call, container: string): LogRequest {
  const pod = path.name ?? '';
  const limit = <Name extends string>(name: Name): { [key in Name]?: number } => {
    const value = wholeNumber(query, name);
    if (value === undefined) return {};
    if (value < 0) throw negative(pod, name, value);
    return { [name]: value } as { [key in Name]?: number };
  };
  return {
    namespace: path.namespace ?? '',
    pod,
    container,
    follow: isTrue(query.get('follow')),
    previous: isTrue(query.get('previous')),
    timestamps: isTrue(query.get('timestamps')),
    ...limit('tailLines'),
    ...limit('sinceSeconds'),
    ...limit('limitBytes'),
  };
}

function negative(pod: string, field: string, value: number): Error {
  const message = `Invalid value: ${value}: must be greater than or equal to 0`;
  return invalid('PodLogOptions', '', pod, [{ reason: 'FieldValueInvalid', field, message }]);
}
