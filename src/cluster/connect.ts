import { Permissions } from './access.ts';
import { clean } from './clean.ts';
import { type Cluster, ClusterError } from './cluster.ts';
import { Credentials } from './credentials.ts';
import { exec } from './exec.ts';
import { type ConfigOptions, loadConfig } from './kubeconfig.ts';
import { listAll } from './list.ts';
import { type Api, checked, request } from './request.ts';
import { watchAll } from './watch.ts';

export interface ConnectOptions extends ConfigOptions {
  /** `-n`; else the context's namespace, else `default`. */
  readonly namespace?: string;
  /** Milliseconds for one request; 15 s unless given. */
  readonly requestTimeout?: number;
}

const REQUEST_TIMEOUT = 15_000;
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const PATCH_TYPES = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
};

/**
 * The cluster that kubectl would talk to with the same options and environment. Sends nothing yet.
 * Throws ClusterError `no-config`.
 */
export async function connect(options: ConnectOptions = {}): Promise<Cluster> {
  const config = await loadConfig(options);
  const server = config.cluster.server;
  if (!/^https?:/.test(server) || !URL.canParse(server)) {
    throw new ClusterError(
      'no-config',
      `the server of context ${clean(config.context, 80)} is not a URL: ${clean(server, 200)}`,
      'write it as https://HOST:PORT in the kubeconfig',
    );
  }
  const credentials = new Credentials(config, options.environment ?? process.env);
  const api: Api = { context: config.context, server, credentials, timeout: options.requestTimeout ?? REQUEST_TIMEOUT };
  return clusterOf(api, options.namespace ?? config.namespace ?? 'default');
}

/** Callers name the shape that they read; nothing here can check it. */
function clusterOf(api: Api, namespace: string): Cluster {
  const permissions = new Permissions(api);
  return {
    context: api.context,
    namespace,
    server: api.server,
    get: async <T>(path: string, query = {}) => (await request(api, { method: 'GET', path, query })) as T,
    text: async (path, query = {}) => (await checked(api, { method: 'GET', path, query })).body,
    list: async <T>(path: string, query = {}) => (await listAll(api, path, query)) as T[],
    create: async <T>(path: string, body: unknown, query = {}) =>
      (await request(api, { method: 'POST', path, body, query })) as T,
    patch: async <T>(path: string, body: unknown, type: keyof typeof PATCH_TYPES = 'strategic') =>
      (await request(api, { method: 'PATCH', path, body, contentType: PATCH_TYPES[type] })) as T,
    delete: async (path, { labelSelector, ...options } = {}) => {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
      // The answer is of no interest: without this a collection's would hold every object.
      const many = labelSelector === undefined ? {} : { query: { labelSelector }, accept: METADATA_LIST };
      await checked(api, { method: 'DELETE', path, body, ...many }, [404]);
    },
    watch: <T>(
      path: string,
      query: Readonly<Record<string, string>>,
      deadline: number,
      onEvent: (type: string, object: T) => boolean,
      signal?: AbortSignal,
    ) => watchAll(api, { path, query, deadline, onEvent: (type, object) => onEvent(type, object as T), signal }),
    exec: (request) => exec(api, request),
    can: (access) => permissions.can(access),
  };
}
