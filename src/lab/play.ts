/** Puts a lab into the state that a fault describes, or into the healthy one, whatever was before. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../cluster/cluster.ts';
import { logOf } from './arrivals.ts';
import { type Fault, isPossible } from './fault.ts';
import { faults } from './faults/index.ts';
import { LabError } from './host/lab-error.ts';
import { shapeOptions } from './host/shape.ts';
import type { NewObject, ResourceName } from './object.ts';
import { HEALTHY, NAMESPACE, RECEIVER, type Scene, sceneObjects } from './scene.ts';
import type { ReceivingPod, Stage } from './stage.ts';

/** In the lab's folder: the name of the fault that it has. */
const FAULT_FILE = 'fault.json';
/** And when a drill began with it. */
const DRILL_FILE = 'drill.json';
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
/** Milliseconds until the scene must stand, and between looks. */
const PATIENCE = 30_000;
const INTERVAL = 50;

/** What the lab was broken with; undefined while it is healthy. */
export function currentFault(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, FAULT_FILE), 'utf8')) as { readonly name: string }).name;
  } catch {
    return undefined;
  }
}

/** When the drill began that goes on, in milliseconds since the epoch; undefined where none does. */
export function drillSince(folder: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, DRILL_FILE), 'utf8')) as { readonly since: number }).since;
  } catch {
    return undefined;
  }
}

export function noteDrill(folder: string, since: number): void {
  writeFileSync(join(folder, DRILL_FILE), JSON.stringify({ since }));
}

export function endDrill(folder: string): void {
  rmSync(join(folder, DRILL_FILE), { force: true });
}

/** Resolves when the fault is there and its receiver as it is with it. Throws LabError when that cannot be reached. */
export async function breakLab(stage: Stage, name: string): Promise<void> {
  const fault = faults[name];
  if (fault === undefined) throw new LabError(`there is no fault ${name}`, 'kmcast lab faults lists them');
  if (!isPossible(fault, stage.shape))
    throw new LabError(
      `a lab of ${shapeOptions({ ...stage.shape, scene: true })} cannot have the fault ${name}`,
      `it needs ${shapeOptions({ nodes: 2, podNetwork: 'overlay', scene: true, ...fault.needs })}`,
    );
  await clear(stage);
  // Noted before anything is done: what is only half done is undone as well.
  writeFileSync(join(stage.folder, FAULT_FILE), JSON.stringify({ name }));
  await play(stage, fault);
}

/** Resolves when the healthy scene stands. */
export async function healLab(stage: Stage): Promise<void> {
  await clear(stage);
  await play(stage, undefined);
}

async function play(stage: Stage, fault: Fault | undefined): Promise<void> {
  const scene = fault?.scene?.(HEALTHY) ?? HEALTHY;
  stage.send(scene.stream);
  for (const action of fault?.before ?? []) await stage.act(action);
  for (const { resource, object } of sceneObjects(scene)) {
    await stage.cluster.create(collection(resource, object), object);
    // An address is a pod's in the order of their creation.
    if (resource === 'pods' && object.metadata.name !== RECEIVER) await ready(stage, object.metadata.name ?? '');
  }
  await (fault?.runs === false ? stuck(stage) : running(stage));
  if (fault?.later !== undefined) await edit(stage, fault.later(HEALTHY));
  for (const action of fault?.after ?? []) await stage.act(action);
  if (fault?.settles !== undefined) await sleep(fault.settles * 1000);
}

/** Undoes the fault before, and removes the scene's namespace. */
async function clear(stage: Stage): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE}`;
  const name = currentFault(stage.folder);
  for (const action of faults[name ?? '']?.undo ?? []) await stage.act(action).catch(() => undefined);
  await stage.cluster.delete(path);
  await until('the namespace to be gone', async () => {
    const left = await stage.cluster.list<KubeObject>('/api/v1/namespaces');
    return !left.some((object) => object.metadata.name === NAMESPACE);
  });
  rmSync(join(stage.folder, FAULT_FILE), { force: true });
  endDrill(stage.folder);
}

async function running(stage: Stage): Promise<void> {
  await until('the receiver to run', async () => {
    const pod = await stage.receiver();
    // It says that it has joined once it has: a pod is ready before.
    return pod !== undefined && isReady(pod) && (await logOf(stage, pod)) !== '';
  });
}

async function ready(stage: Stage, name: string): Promise<void> {
  await until(`pod ${name} to run`, async () => isReady(await stage.cluster.get(`${PODS}/${name}`)));
}

function isReady(pod: ReceivingPod | undefined): boolean {
  return pod?.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;
}

/** The objects' later state: what a person would do with kubectl edit, and kubectl annotate on the receiver's pod. */
async function edit(stage: Stage, scene: Scene): Promise<void> {
  for (const { resource, object } of sceneObjects(scene)) {
    const path = `${collection(resource, object)}/${object.metadata.name}`;
    if (object.kind === 'NetworkAttachmentDefinition') await stage.cluster.patch(path, { spec: object.spec }, 'merge');
    else if (object.metadata.name === RECEIVER && resource === 'pods') {
      const pod = await stage.receiver();
      const { annotations = {} } = object.metadata;
      await stage.cluster.patch(`${PODS}/${pod?.metadata.name}`, { metadata: { annotations } }, 'merge');
    }
  }
}

/** Its network, or its container, cannot be made: an event says so. */
async function stuck(stage: Stage): Promise<void> {
  await until('the receiver to fail', async () => {
    const pod = await stage.receiver();
    const events = await stage.cluster.list<KubeObject & { readonly type?: string }>(
      `/api/v1/namespaces/${NAMESPACE}/events`,
    );
    return pod !== undefined && events.some((event) => event.type === 'Warning');
  });
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await isSo())) {
    if (Date.now() > end) throw new LabError(`waited ${PATIENCE / 1000} s for ${what}, in vain`, 'kmcast lab heal');
    await sleep(INTERVAL);
  }
}

/** The API path of the collection that an object is created in. */
function collection(resource: ResourceName, object: NewObject): string {
  const { apiVersion = 'v1', metadata } = object;
  const plural = resource.split('.')[0];
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return metadata.namespace === undefined ? `${base}/${plural}` : `${base}/namespaces/${metadata.namespace}/${plural}`;
}
