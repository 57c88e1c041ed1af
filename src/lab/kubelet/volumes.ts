/** A pod's volumes, made on its node before its containers (core/v1 Volume). */
import { chmod, chown, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type { KubeObject } from '../object.ts';
import type { Node } from '../place.ts';
import type { Store } from '../store.ts';
import { dataOf } from './config-data.ts';
import { fieldOf, type LateFields } from './field-ref.ts';
import { resolveIn } from './find-executable.ts';
import { onNode, PODS } from './paths.ts';
import type { DownwardSource, FileSource, PodSpec, Volume } from './types.ts';

/** Where a volume is on the node. */
export interface MountedVolume {
  readonly path: string;
  /** Made of objects: containers cannot write to it. */
  readonly readOnly: boolean;
}

export interface VolumeContext {
  readonly store: Store;
  readonly node: Node;
  readonly manyUsers: boolean;
  readonly late: LateFields;
}

/** Files by path in the volume. */
type Files = Map<string, { readonly data: Buffer; readonly mode: number }>;

/** By name. Rejects with the message of the event FailedMount. */
export async function makeVolumes(pod: KubeObject, context: VolumeContext): Promise<Map<string, MountedVolume>> {
  const spec: PodSpec = pod.spec;
  const made = new Map<string, MountedVolume>();
  for (const volume of spec.volumes ?? []) {
    // Nothing in the lab's containers speaks to the API server: tokens of service accounts are not made.
    if (volume.projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken)) continue;
    try {
      made.set(volume.name, await make(pod, volume, context));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`MountVolume.SetUp failed for volume "${volume.name}" : ${why}`);
    }
  }
  return made;
}

async function make(pod: KubeObject, volume: Volume, context: VolumeContext): Promise<MountedVolume> {
  if (volume.hostPath) return hostPath(volume.hostPath, context.node);
  const path = `${PODS}/${pod.metadata.uid}/volumes/${volume.name}`;
  const files = filesOf(pod, volume, context);
  const folder = onNode(context.node, path);
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o777);
  for (const [name, { data, mode }] of files ?? []) {
    const file = join(folder, normalize(`/${name}`));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, data);
    await chmod(file, mode);
  }
  const group = pod.spec.securityContext?.fsGroup;
  if (typeof group === 'number' && context.manyUsers) {
    await chown(folder, 0, group);
    await chmod(folder, 0o2777);
  }
  return { path, readOnly: files !== undefined };
}

/** Undefined for an empty folder to write to. */
function filesOf(pod: KubeObject, volume: Volume, context: VolumeContext): Files | undefined {
  if (volume.emptyDir) return undefined;
  const files: Files = new Map();
  const namespace = pod.metadata.namespace ?? '';
  const add = (kind: 'configmap' | 'secret', source: FileSource, mode = 0o644) => {
    const name = source.name ?? source.secretName ?? '';
    const data = dataOf(context.store, kind, namespace, name, source.optional);
    if (data !== undefined) select(files, data, source, source.defaultMode ?? mode);
  };
  const addFields = (source: DownwardSource) => {
    for (const { path, fieldRef } of source.items ?? []) {
      const value = fieldRef && fieldOf(pod, fieldRef.fieldPath, context.late);
      if (value !== undefined) files.set(path, { data: Buffer.from(value), mode: 0o644 });
    }
  };
  if (volume.configMap) add('configmap', volume.configMap);
  else if (volume.secret) add('secret', volume.secret);
  else if (volume.downwardAPI) addFields(volume.downwardAPI);
  else if (volume.projected) {
    for (const source of volume.projected.sources ?? []) {
      if (source.configMap) add('configmap', source.configMap);
      if (source.secret) add('secret', source.secret);
      if (source.downwardAPI) addFields(source.downwardAPI);
    }
  } else throw new Error(`the lab has no volumes of this kind: ${Object.keys(volume).filter((key) => key !== 'name')}`);
  return files;
}

function select(files: Files, data: ReadonlyMap<string, Buffer>, source: FileSource, mode: number): void {
  const items = source.items ?? [...data.keys()].map((key) => ({ key, path: key, mode: undefined }));
  for (const item of items) {
    const value = data.get(item.key);
    if (value !== undefined) files.set(item.path, { data: value, mode: item.mode ?? mode });
    else if (!source.optional) throw new Error(`references non-existent config key: ${item.key}`);
  }
}

/** @see https://kubernetes.io/docs/concepts/storage/volumes/#hostpath-volume-types */
async function hostPath({ path, type = '' }: { path: string; type?: string }, node: Node): Promise<MountedVolume> {
  const root = onNode(node, '');
  const file = (await resolveIn(root, path)) ?? root + normalize(path);
  if (type === 'DirectoryOrCreate') await mkdir(file, { recursive: true });
  if (type === 'FileOrCreate') await writeFile(file, '', { flag: 'a' });
  const kind = await stat(file).catch(() => undefined);
  const wants = type.replace('OrCreate', '');
  const is: Record<string, boolean | undefined> = {
    Directory: kind?.isDirectory(),
    File: kind?.isFile(),
    Socket: kind?.isSocket(),
    CharDevice: kind?.isCharacterDevice(),
    BlockDevice: kind?.isBlockDevice(),
  };
  if (wants !== '' && !is[wants]) {
    const noun = { Directory: 'directory', File: 'file', Socket: 'socket file' }[wants] ?? wants;
    throw new Error(`hostPath type check failed: ${path} is not a ${noun}`);
  }
  // What is not there yet, without a type, the container runtime makes as a folder.
  if (kind === undefined) await mkdir(file, { recursive: true });
  return { path: normalize(path), readOnly: false };
}
