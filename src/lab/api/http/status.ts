import { StatusError } from '../../store.ts';

/** meta/v1 Status of a failure. What is no StatusError is the server's own fault, and says so. */
export function statusOf(error: unknown): { readonly code: number; readonly body: object } {
  const known = error instanceof StatusError ? error : internal(error);
  const { code, message, reason, details } = known;
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(Object.keys(details).length === 0 && !DETAILED.has(code) ? {} : { details }),
    code,
  };
  return { code, body };
}

/** Codes whose Status carries details, be they empty. */
const DETAILED = new Set([404, 405, 415, 422]);

export function success(details?: object): object {
  const base = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
  return details === undefined ? base : { ...base, details };
}

export function noSuchResource(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource');
}

export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource';
  return new StatusError(405, 'MethodNotAllowed', message);
}

function internal(error: unknown): StatusError {
  const said = error instanceof Error ? error.message : String(error);
  const message = `Internal error occurred: ${said}`;
  return new StatusError(500, 'InternalError', message, { causes: [{ message: said }] });
}
