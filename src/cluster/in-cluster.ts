import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Cluster as ClusterEntry, User } from '@kubernetes/client-node/dist/config_types.js';
import type { Environment } from './proxy.ts';

/** Where Kubernetes mounts a pod's service account. */
export const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The context's name when kmcast runs in a pod with its service account. */
export const IN_CLUSTER = 'in-cluster';

/** The cluster that this process is a pod of ("Accessing the Kubernetes API from a Pod"), or `undefined` outside of one. */
export async function inCluster(
  environment: Environment,
  directory: string,
): Promise<{ cluster: ClusterEntry; user: User; namespace: string | undefined } | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  const tokenFile = join(directory, 'token');
  if (!host || !port || (await text(tokenFile)) === undefined) return undefined;
  return {
    cluster: {
      name: IN_CLUSTER,
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      caFile: join(directory, 'ca.crt'),
      skipTLSVerify: false,
    },
    // The token is rotated in its file, so the file is named and not its content.
    user: { name: IN_CLUSTER, authProvider: { name: 'tokenFile', config: { tokenFile } } },
    namespace: await text(join(directory, 'namespace')),
  };
}

async function text(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim() || undefined;
  } catch {
    return undefined;
  }
}
