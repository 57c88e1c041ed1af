import { clean } from './clean.ts';

/** What an API path names (Kubernetes API concepts, "Resource URIs"). */
export interface Resource {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, as in the path: `pods`. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  /** Path of the collection that the object is in. */
  readonly collection: string;
}

/** Reads an API path; `undefined` for one that names no resource (`/version`, `/apis`). */
export function resourceOf(path: string): Resource | undefined {
  const parts = (path.split('?')[0] ?? '').split('/').filter((part) => part !== '');
  const length = parts[0] === 'api' ? 2 : parts[0] === 'apis' ? 3 : undefined;
  if (length === undefined) return undefined;
  const group = length === 2 ? '' : (parts[1] ?? '');
  const version = parts[length - 1] ?? '';
  // `/api/v1/namespaces/a` is a namespace; only a further part makes it a place.
  const placed = parts[length] === 'namespaces' && parts.length > length + 2;
  const at = placed ? length + 2 : length;
  const [resource, name, subresource] = parts.slice(at);
  if (resource === undefined) return undefined;
  return {
    group,
    version,
    resource,
    ...(placed ? { namespace: decode(parts[length + 1]) } : {}),
    ...(name === undefined ? {} : { name: decode(name) }),
    ...(subresource === undefined ? {} : { subresource }),
    collection: `/${parts.slice(0, at + 1).join('/')}`,
  };
}

/** For people: `pod rx in namespace video`, `pods/exec of rx in namespace video`, `nodes`, or the path itself. */
export function describePath(path: string): string {
  const it = resourceOf(path);
  if (it === undefined) return clean(path, 200);
  const place = it.namespace === undefined ? '' : ` in namespace ${it.namespace}`;
  if (it.name === undefined) return clean(it.resource + place, 200);
  const object =
    it.subresource === undefined
      ? `${singular(it.resource)} ${it.name}`
      : `${it.resource}/${it.subresource} of ${it.name}`;
  return clean(object + place, 200);
}

/** `pods` to `pod`; good enough for the names that resources have. */
export function singular(resource: string): string {
  if (resource.endsWith('ies')) return `${resource.slice(0, -3)}y`;
  if (/(s|x|ch|sh)es$/.test(resource)) return resource.slice(0, -2);
  return resource === 'endpoints' ? resource : resource.replace(/s$/, '');
}

function decode(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return part ?? '';
  }
}
