/** What the demo's commands need of kubectl, by kmcast's own client, where kubectl is not installed. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments, parse as parseYaml, stringify } from 'yaml';
import { type Cluster, ClusterError, type KubeObject } from '../../cluster/cluster.ts';
import { annotated, type KubectlWords, kubectlWords, podName } from './kubectl-words.ts';

interface Pod extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Milliseconds between looks. */
const INTERVAL = 50;

/**
 * Resolves to what kubectl would print on stdout. Throws ClusterError where the API server refuses, Error for what it is not made for.
 *
 * @param readInput what stands on stdin, read when it is asked for
 */
export async function standIn(argv: readonly string[], cluster: Cluster, readInput: () => string): Promise<string> {
  const words = kubectlWords(argv);
  const file = (): string =>
    words.flags.filename === '-' ? readInput() : readFileSync(words.flags.filename ?? '', 'utf8');
  switch (words.verb) {
    case 'logs':
      return cluster.text(`${podPath(words)}/log`, tailOf(words));
    case 'get':
      return stringify(await cluster.get(podPath(words)));
    case 'apply':
      return onEach(file(), (object) => apply(cluster, object));
    case 'annotate':
      return stringify(annotate(parseYaml(file()) as KubeObject, words));
    case 'replace':
      return onEach(file(), (object) => replace(cluster, object));
    case 'wait':
      return waitReady(cluster, words);
    default:
      throw new Error(`no kubectl is installed here, and kmcast stands in for it only for what the demo needs`);
  }
}

async function onEach(text: string, work: (object: KubeObject) => Promise<string>): Promise<string> {
  let said = '';
  for (const document of parseAllDocuments(text)) said += `${await work(document.toJS() as KubeObject)}\n`;
  return said;
}

async function apply(cluster: Cluster, object: KubeObject): Promise<string> {
  const path = `${collection(object)}/${object.metadata.name}`;
  try {
    await cluster.get(path);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind !== 'not-found') throw error;
    await cluster.create(collection(object), object);
    return `${shown(object)} created`;
  }
  await cluster.patch(path, object, 'merge');
  return `${shown(object)} configured`;
}

function annotate(object: KubeObject, { args }: KubectlWords): KubeObject {
  const changes = args.filter((arg) => arg.endsWith('-') || arg.includes('='));
  return {
    ...object,
    metadata: { ...object.metadata, annotations: annotated(object.metadata.annotations ?? {}, changes) },
  };
}

/** `replace --force`: deletes, waits until it is gone, and creates it. */
async function replace(cluster: Cluster, object: KubeObject): Promise<string> {
  const path = `${collection(object)}/${object.metadata.name}`;
  await cluster.delete(path, { gracePeriodSeconds: 0 });
  while (await exists(cluster, path)) await sleep(INTERVAL);
  const { resourceVersion: _version, uid: _uid, creationTimestamp: _created, ...metadata } = object.metadata;
  await cluster.create(collection(object), { ...object, metadata, status: undefined });
  return `${shown(object)} replaced`;
}

async function exists(cluster: Cluster, path: string): Promise<boolean> {
  try {
    await cluster.get(path);
    return true;
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'not-found') return false;
    throw error;
  }
}

async function waitReady(cluster: Cluster, words: KubectlWords): Promise<string> {
  const end = Date.now() + Number.parseInt(words.flags.timeout ?? '30', 10) * 1000;
  const isReady = ({ status }: Pod): boolean =>
    status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;
  while (!isReady(await cluster.get<Pod>(podPath(words)))) {
    if (Date.now() > end) throw new Error(`timed out waiting for the condition on pods/${podName(words.args)}`);
    await sleep(INTERVAL);
  }
  return `pod/${podName(words.args)} condition met\n`;
}

function podPath({ namespace, args }: KubectlWords): string {
  return `/api/v1/namespaces/${namespace}/pods/${podName(args)}`;
}

function tailOf({ flags }: KubectlWords): Record<string, string> {
  return flags.tail === undefined ? {} : { tailLines: flags.tail };
}

/** Of the two kinds that plans of the demo have in them. */
function collection({ apiVersion = 'v1', kind, metadata }: KubeObject): string {
  const plural = kind === 'NetworkAttachmentDefinition' ? 'network-attachment-definitions' : 'pods';
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${base}/namespaces/${metadata.namespace ?? 'default'}/${plural}`;
}

/** As kubectl names an object. */
function shown({ apiVersion = 'v1', kind = '', metadata }: KubeObject): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${kind.toLowerCase()}${group}/${metadata.name}`;
}
