/** Failures of requests in the API server's own words (apimachinery/pkg/api/errors). */
import type { ResourceName } from '../object.ts';
import { StatusError } from '../store.ts';

/** One wrong field, for 422: `reason` as field.ErrorType has it (FieldValueRequired …). */
export interface Cause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

export function notFound(resource: ResourceName, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${resource} "${name}" not found`, { name, ...kindDetails(resource) });
}

export function alreadyExists(resource: ResourceName, name: string): StatusError {
  const message = `${resource} "${name}" already exists`;
  return new StatusError(409, 'AlreadyExists', message, { name, ...kindDetails(resource) });
}

export function conflict(resource: ResourceName, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${resource} "${name}": ${why}`;
  return new StatusError(409, 'Conflict', message, { name, ...kindDetails(resource) });
}

export function forbidden(resource: ResourceName, name: string, why: string, causes?: readonly Cause[]): StatusError {
  const what = name === '' ? `${resource} is forbidden` : `${resource} "${name}" is forbidden`;
  const details = { ...(name === '' ? {} : { name }), ...kindDetails(resource), ...(causes ? { causes } : {}) };
  return new StatusError(403, 'Forbidden', `${what}: ${why}`, details);
}

/** `Pod "x" is invalid: spec.containers: Required value`; several errors in brackets. */
export function invalid(kind: string, group: string, name: string, causes: readonly Cause[]): StatusError {
  const errors = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const said = errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`;
  const subject = group === '' ? kind : `${kind}.${group}`;
  const details = { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind, causes };
  return new StatusError(422, 'Invalid', `${subject} "${name}" is invalid: ${said}`, details);
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

function kindDetails(resource: ResourceName): { readonly kind: string; readonly group?: string } {
  const dot = resource.indexOf('.');
  return dot < 0 ? { kind: resource } : { kind: resource.slice(0, dot), group: resource.slice(dot + 1) };
}
