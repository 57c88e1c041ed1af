import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Cluster as ClusterEntry, Context, User } from '@kubernetes/client-node/dist/config_types.js';
import { clean } from './clean.ts';
import { ClusterError } from './cluster.ts';
import { IN_CLUSTER, inCluster, SERVICE_ACCOUNT } from './in-cluster.ts';
import { didYouMean, nearNames } from './near.ts';
import type { Environment } from './proxy.ts';

/** What decides which cluster is meant: kubectl's options and environment. */
export interface ConfigOptions {
  /** `--kubeconfig`: the only file read, and it must exist. */
  readonly kubeconfig?: string;
  /** `--context`. */
  readonly context?: string;
  readonly environment?: Environment;
  /** Where a pod's service account is mounted; for tests. */
  readonly serviceAccount?: string;
}

/** One context, resolved. `directory` is that of the first file, for relative commands of credential plugins. */
export interface Config {
  readonly context: string;
  readonly namespace: string | undefined;
  readonly cluster: ClusterEntry;
  readonly user: User;
  readonly directory: string;
}

interface Merged {
  readonly files: string[];
  currentContext: string | undefined;
  readonly contexts: Map<string, Context>;
  readonly clusters: Map<string, ClusterEntry>;
  readonly users: Map<string, User>;
}

const HINT = 'pass --kubeconfig FILE or set KUBECONFIG; without a cluster there is kmcast doctor --snapshot FILE';

/**
 * Finds the configuration as kubectl does: `--kubeconfig`, else the files of KUBECONFIG (those that do not exist are skipped;
 * the first to name a thing wins), else ~/.kube/config, else the pod's service account.
 * Throws ClusterError `no-config`.
 */
export async function loadConfig(options: ConfigOptions): Promise<Config> {
  const environment = options.environment ?? process.env;
  const wanted = configFiles(options, environment);
  const merged = await readAll(wanted, options.kubeconfig !== undefined);
  if (merged.contexts.size > 0 || options.context !== undefined) return select(merged, options.context);
  const own = await inCluster(environment, options.serviceAccount ?? SERVICE_ACCOUNT);
  if (own !== undefined) return { ...own, context: IN_CLUSTER, directory: '/' };
  throw new ClusterError(
    'no-config',
    `no Kubernetes configuration: ${missing(merged, wanted)}, and this is not a pod with a service account`,
    HINT,
  );
}

function configFiles(options: ConfigOptions, environment: Environment): string[] {
  if (options.kubeconfig !== undefined) return [options.kubeconfig];
  const listed = (environment.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  if (listed.length > 0) return [...new Set(listed)];
  const home = environment.HOME || environment.USERPROFILE;
  return home === undefined ? [] : [join(home, '.kube', 'config')];
}

async function readAll(files: readonly string[], required: boolean): Promise<Merged> {
  const merged: Merged = {
    files: [],
    currentContext: undefined,
    contexts: new Map(),
    clusters: new Map(),
    users: new Map(),
  };
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && !required) return undefined;
      throw new ClusterError(
        'no-config',
        `cannot read the kubeconfig ${file}: ${error.code ?? clean(error.message)}`,
        HINT,
      );
    });
    if (text !== undefined) await addFile(merged, file, text);
  }
  return merged;
}

async function addFile(merged: Merged, file: string, text: string): Promise<void> {
  merged.files.push(file);
  if (text.trim() === '') return;
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  try {
    config.loadFromString(text, { onInvalidEntry: 'filter' });
  } catch (error) {
    const problem = clean(error instanceof Error ? error.message : String(error));
    throw new ClusterError('no-config', `${file} is not a usable kubeconfig: ${problem}`, HINT);
  }
  config.makePathsAbsolute(dirname(file));
  merged.currentContext ??= config.currentContext || undefined;
  addMissing(merged.contexts, config.contexts);
  addMissing(merged.clusters, config.clusters);
  addMissing(merged.users, config.users);
}

function addMissing<T extends { readonly name: string }>(known: Map<string, T>, more: readonly T[]): void {
  for (const one of more) if (!known.has(one.name)) known.set(one.name, one);
}

function select(merged: Merged, wanted: string | undefined): Config {
  const where = merged.files.join(', ') || 'any kubeconfig';
  const names = [...merged.contexts.keys()];
  const list = `contexts there: ${names.map((name) => clean(name, 80)).join(', ') || 'none'}`;
  const name = wanted ?? merged.currentContext;
  if (name === undefined)
    throw new ClusterError('no-config', `${where} has no current context`, `pass --context NAME; ${list}`);
  const context = merged.contexts.get(name);
  if (context === undefined) {
    throw new ClusterError(
      'no-config',
      `there is no context ${clean(name)} in ${where}${didYouMean(nearNames(name, names))}`,
      list,
    );
  }
  const cluster = merged.clusters.get(context.cluster);
  const user = context.user === undefined ? { name: '' } : merged.users.get(context.user);
  const lacks = cluster === undefined ? `cluster ${context.cluster}` : `user ${context.user}`;
  if (cluster === undefined || user === undefined) {
    throw new ClusterError(
      'no-config',
      `context ${clean(name)} names the ${clean(lacks)}, which is not in ${where}`,
      'correct the kubeconfig, or pass another --context',
    );
  }
  return { context: name, namespace: context.namespace, cluster, user, directory: dirname(merged.files[0] ?? '/') };
}

function missing(merged: Merged, wanted: readonly string[]): string {
  if (merged.files.length > 0) return `${merged.files.join(', ')} has no context`;
  if (wanted.length === 0) return 'neither KUBECONFIG nor HOME is set';
  return wanted.length === 1 ? `${wanted[0]} does not exist` : `none of ${wanted.join(', ')} exists`;
}
