import type { IncomingMessage } from 'node:http';
import { forbidden } from '../store/errors.ts';
import { nameOf } from '../store/resources.ts';
import { StatusError } from '../store.ts';
import { authorize, type ResourceAttributes, refusal } from './auth/authorize.ts';
import type { User } from './auth/user.ts';
import type { Context } from './call.ts';
import { type ResourcePath, verbOf } from './request-path.ts';

/** Lets the user through to a resource, or not. Returns the verb. Throws StatusError 403. */
export function passResource(
  { store }: Context,
  request: IncomingMessage,
  user: User,
  path: ResourcePath,
  query: URLSearchParams,
): string {
  const verb = verbOf(request.method ?? 'GET', path, query);
  const attributes: ResourceAttributes = {
    verb,
    group: path.group,
    resource: path.plural,
    subresource: path.subresource,
    // A namespace is in itself, as it were.
    namespace: path.namespace ?? (path.plural === 'namespaces' && path.group === '' ? path.name : undefined),
    name: path.name ?? nameIn(query),
  };
  const { allowed, reason } = authorize(store, user, attributes);
  if (allowed) return verb;
  throw forbidden(nameOf(path), attributes.name ?? '', refusal(user, attributes, reason));
}

/** Lets the user through to a path that is no resource. Throws StatusError 403. */
export function passPath({ store }: Context, request: IncomingMessage, user: User, path: string): void {
  const attributes = { verb: (request.method ?? 'GET').toLowerCase(), path };
  const { allowed, reason } = authorize(store, user, attributes);
  if (allowed) return;
  throw new StatusError(403, 'Forbidden', `forbidden: ${refusal(user, attributes, reason)}`, {});
}

/** A list of one name is a question about that name. */
function nameIn(query: URLSearchParams): string | undefined {
  return /^metadata\.name==?([^,]+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
}
