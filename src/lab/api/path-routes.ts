import type { IncomingMessage } from 'node:http';
import * as discovery from './discovery/discovery.ts';
import { openApiDocument, openApiIndex, openApiV2 } from './discovery/openapi.ts';
import { VERSION } from './discovery/version.ts';
import { wanted } from './http/accept.ts';
import { type Answer, ok } from './http/answer.ts';
import type { ResourceIndex } from './resource-index.ts';

/** Open to everybody: how those who watch over it know that it lives. */
export const PUBLIC_PATHS = new Set(['/healthz', '/livez', '/readyz', '/version']);

/** kubectl looks at the type to know which of the two forms of discovery it got. */
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const SWAGGER = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** GET of what is no resource: health, discovery, schemas. */
export function servePath(index: ResourceIndex, path: string, request: IncomingMessage): Answer {
  const body = bodyOf(index, path.replace(/(?<=.)\/$/, ''), request);
  if (body instanceof Buffer) return { ...ok(body), type: SWAGGER };
  if (body === undefined) return { code: 404, body: '404 page not found\n', type: 'text/plain; charset=utf-8' };
  if (typeof body === 'string') return { ...ok(body), type: 'text/plain; charset=utf-8' };
  return 'items' in body ? { ...ok(body), type: AGGREGATED } : ok(body);
}

function bodyOf(index: ResourceIndex, path: string, request: IncomingMessage): string | object | undefined {
  if (/^\/(healthz|livez|readyz)(\/|$)/.test(path)) return 'ok';
  const [root, first, second, ...rest] = path.slice(1).split('/');
  if (path === '/version') return VERSION;
  if (path === '/') return { paths: ['/api', '/apis', ...[...PUBLIC_PATHS].sort()] };
  if (path === '/openapi/v2') return openApiV2();
  if (path === '/openapi/v3') return openApiIndex(index);
  if (path.startsWith('/openapi/v3/')) return openApiDocument(index, path.slice('/openapi/v3/'.length));
  if (rest.length > 0) return undefined;
  if (root === 'api') return second === undefined ? coreBody(index, first, request) : undefined;
  if (root !== 'apis') return undefined;
  if (first === undefined) {
    return isAggregated(request) ? discovery.aggregated(index, false) : discovery.groupList(index);
  }
  if (second === undefined) return discovery.apiGroup(index, first);
  return discovery.resourceList(index, `${first}/${second}`);
}

function coreBody(index: ResourceIndex, version: string | undefined, request: IncomingMessage): object | undefined {
  if (version !== undefined) return version === 'v1' ? discovery.resourceList(index, 'v1') : undefined;
  if (isAggregated(request)) return discovery.aggregated(index, true);
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: request.headers.host }];
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
}

function isAggregated(request: IncomingMessage): boolean {
  return wanted(request.headers.accept) === 'APIGroupDiscoveryList';
}
