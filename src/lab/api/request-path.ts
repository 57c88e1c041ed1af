/** What a path of the API asks for (apiserver/pkg/endpoints/request/requestinfo.go). */

export interface ResourcePath {
  /** `v1`, `apps/v1`. */
  readonly apiVersion: string;
  readonly group: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Undefined where it is no path of a resource: discovery, health … Throws URIError for broken escapes. */
export function resourcePath(path: string): ResourcePath | undefined {
  const segments = path.split('/').slice(1).map(decodeURIComponent);
  if (segments.at(-1) === '') segments.pop();
  const root = segments.shift();
  const group = root === 'apis' ? segments.shift() : '';
  const version = segments.shift();
  if ((root !== 'api' && root !== 'apis') || group === undefined || version === undefined) return undefined;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const scoped = segments[0] === 'namespaces' && segments.length > 2 && !OF_NAMESPACE.has(segments[2]!);
  const namespace = scoped ? segments.splice(0, 2)[1] : undefined;
  const [plural, name, subresource] = segments;
  if (plural === undefined || segments.length > 3) return undefined;
  return { apiVersion, group, plural, namespace, name, subresource };
}

/** Subresources of a namespace itself. */
const OF_NAMESPACE = new Set(['status', 'finalize']);

/** What RBAC calls it. A subresource is read and changed, never listed. */
export function verbOf(method: string, path: ResourcePath, query: URLSearchParams): string {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return path.name === undefined ? 'deletecollection' : 'delete';
    default:
      if (path.name !== undefined) return 'get';
      return isTrue(query.get('watch')) ? 'watch' : 'list';
  }
}

export function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1' || value === 'True';
}
