import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, NewObject, ResourceName } from '../object.ts';
import type { Change, RemoveOptions, Store } from '../store.ts';
import { setDefaults } from './defaults.ts';
import { beginRemoval, FOREGROUND, isOver } from './deletion.ts';
import { alreadyExists, badRequest, conflict, notFound } from './errors.ts';
import { countsGenerations } from './generation.ts';
import { copy, keepIdentity, tidy } from './identity.ts';
import { KindTable } from './kind-table.ts';
import { generatedName, timestamp } from './names.ts';
import { checkNamespace, FIRST_NAMESPACES } from './namespace.ts';

type Listener = (change: Change) => void;

/** Where an object is, and what it says of itself. */
interface Held {
  readonly resource: ResourceName;
  readonly metadata: KubeObject['metadata'];
}

interface Subscriber {
  readonly listener: Listener;
  readonly resources: ReadonlySet<string> | undefined;
  /** Nothing up to this version is told: it was replayed, or was before. */
  readonly since: number;
}

/** An empty cluster's store, with the namespaces that an API server makes by itself. */
export function createStore(): Store {
  const store = new MemoryStore();
  for (const name of FIRST_NAMESPACES) store.create('namespaces', { metadata: { name } });
  return store;
}

class MemoryStore implements Store {
  readonly #objects = new Map<ResourceName, Map<string, KubeObject>>();
  readonly #subscribers = new Set<Subscriber>();
  readonly #kinds = new KindTable((name) =>
    this.#all('customresourcedefinitions.apiextensions.k8s.io').get(`/${name}`),
  );
  /** Changes not yet told: a listener that changes something must not make the others hear of it in the wrong order. */
  readonly #untold: Change[] = [];
  #telling = false;
  #version = 0;

  get version(): string {
    return String(this.#version);
  }

  create(resource: ResourceName, draft: NewObject): KubeObject {
    const object = copy(draft as KubeObject);
    tidy(object);
    const { metadata } = object;
    const kind = this.#kinds.of(resource, object);
    object.apiVersion = kind.apiVersion;
    object.kind = kind.kind;
    if (!kind.namespaced) delete metadata.namespace;
    else if (!metadata.namespace) throw badRequest(`a namespace is needed for ${resource}`);
    if (!metadata.name) metadata.name = generatedName(metadata.generateName ?? `${kind.kind.toLowerCase()}-`);
    if (metadata.namespace !== undefined) checkNamespace(this, resource, metadata.namespace, metadata.name);
    if (this.#all(resource).has(keyOf(object))) throw alreadyExists(resource, metadata.name);
    metadata.uid = randomUUID();
    metadata.creationTimestamp = timestamp();
    delete metadata.deletionTimestamp;
    delete metadata.deletionGracePeriodSeconds;
    setDefaults(resource, object);
    if (countsGenerations(resource, object)) metadata.generation = 1;
    return this.#write('ADDED', resource, object);
  }

  get(resource: ResourceName, namespace: string | undefined, name: string): KubeObject | undefined {
    const object = this.#all(resource).get(`${namespace ?? ''}/${name}`);
    return object === undefined ? undefined : copy(object);
  }

  list(resource: ResourceName, namespace?: string): KubeObject[] {
    return [...this.#all(resource).values()]
      .filter((object) => namespace === undefined || object.metadata.namespace === namespace)
      .sort(byName)
      .map((object) => copy(object));
  }

  mutate(
    resource: ResourceName,
    namespace: string | undefined,
    name: string,
    change: (object: KubeObject) => void,
  ): KubeObject {
    const before = this.#existing(resource, namespace, name);
    const object = copy(before);
    change(object);
    keepIdentity(object, before);
    setDefaults(resource, object, before);
    return this.#replace(resource, copy(object), before);
  }

  remove(resource: ResourceName, namespace: string | undefined, name: string, options: RemoveOptions = {}): KubeObject {
    const before = this.#existing(resource, namespace, name);
    const { uid } = before.metadata;
    if (options.uid !== undefined && options.uid !== uid) {
      const why = `Precondition failed: UID in precondition: ${options.uid}, UID in object meta: ${uid}`;
      throw conflict(resource, name, why);
    }
    const dependents = options.propagation === undefined ? [] : this.#dependents(uid);
    if (options.propagation === 'Orphan') for (const orphan of dependents) this.#disown(orphan, uid);
    const waits = options.propagation === 'Foreground' && dependents.length > 0;
    const object = copy(before);
    beginRemoval(resource, object, options, waits);
    if (isOver(resource, object)) return this.#takeOut(resource, object);
    const after = isDeepStrictEqual(object, before) ? object : this.#write('MODIFIED', resource, object);
    if (waits) this.#removeAll(dependents);
    return this.get(resource, namespace, name) ?? after;
  }

  purge(resource: ResourceName, namespace: string | undefined, name: string, uid: string): void {
    const object = this.#all(resource).get(`${namespace ?? ''}/${name}`);
    if (object !== undefined && object.metadata.uid === uid) this.#takeOut(resource, copy(object));
  }

  subscribe(
    listener: Listener,
    options: { readonly resources?: readonly ResourceName[]; readonly replay?: boolean } = {},
  ): () => void {
    const resources = options.resources === undefined ? undefined : new Set(options.resources);
    const subscriber = { listener, resources, since: this.#version };
    this.#subscribers.add(subscriber);
    if (options.replay === true) {
      for (const resource of resources ?? this.#objects.keys()) {
        for (const object of this.list(resource)) tell(listener, { type: 'ADDED', resource, object });
      }
    }
    return () => void this.#subscribers.delete(subscriber);
  }

  #all(resource: ResourceName): Map<string, KubeObject> {
    const all = this.#objects.get(resource) ?? new Map<string, KubeObject>();
    this.#objects.set(resource, all);
    return all;
  }

  #existing(resource: ResourceName, namespace: string | undefined, name: string): KubeObject {
    const object = this.#all(resource).get(`${namespace ?? ''}/${name}`);
    if (object === undefined) throw notFound(resource, name);
    return object;
  }

  #replace(resource: ResourceName, object: KubeObject, before: KubeObject): KubeObject {
    if (isDeepStrictEqual(object, before)) return object;
    if (countsGenerations(resource, object) && !isDeepStrictEqual(object.spec, before.spec)) {
      object.metadata.generation = (before.metadata.generation ?? 0) + 1;
    }
    if (isOver(resource, object)) return this.#takeOut(resource, object);
    return this.#write('MODIFIED', resource, object);
  }

  #write(type: 'ADDED' | 'MODIFIED', resource: ResourceName, object: KubeObject): KubeObject {
    object.metadata.resourceVersion = String(++this.#version);
    this.#all(resource).set(keyOf(object), object);
    const answer = copy(object);
    this.#announce({ type, resource, object });
    return answer;
  }

  #takeOut(resource: ResourceName, object: KubeObject): KubeObject {
    this.#all(resource).delete(keyOf(object));
    object.metadata.resourceVersion = String(++this.#version);
    this.#announce({ type: 'DELETED', resource, object });
    for (const { uid } of object.metadata.ownerReferences ?? []) this.#releaseOwner(uid);
    return copy(object);
  }

  #announce(change: Change): void {
    this.#untold.push(change);
    if (this.#telling) return;
    this.#telling = true;
    for (let next = this.#untold.shift(); next !== undefined; next = this.#untold.shift()) {
      const { type, resource, object } = next;
      for (const subscriber of [...this.#subscribers]) {
        const wanted = subscriber.resources === undefined || subscriber.resources.has(resource);
        const known = Number(object.metadata.resourceVersion) <= subscriber.since;
        if (!wanted || known || !this.#subscribers.has(subscriber)) continue;
        tell(subscriber.listener, { type, resource, object: copy(object) });
      }
    }
    this.#telling = false;
  }

  #dependents(owner: string): Held[] {
    const found: Held[] = [];
    for (const [resource, objects] of this.#objects) {
      for (const { metadata } of objects.values()) {
        if (metadata.ownerReferences?.some(({ uid }) => uid === owner)) found.push({ resource, metadata });
      }
    }
    return found;
  }

  #disown({ resource, metadata: { namespace, name } }: Held, owner: string): void {
    this.mutate(resource, namespace, name, ({ metadata }) => {
      metadata.ownerReferences = metadata.ownerReferences?.filter(({ uid }) => uid !== owner) ?? [];
    });
  }

  #removeAll(dependents: readonly Held[]): void {
    for (const { resource, metadata } of dependents) {
      // Telling of one removal may have made others.
      if (this.#all(resource).get(keyOf({ metadata })) === undefined) continue;
      this.remove(resource, metadata.namespace, metadata.name, { propagation: 'Foreground' });
    }
  }

  /** The owner that waited for its dependents' end (propagation Foreground) goes with the last of them. */
  #releaseOwner(uid: string): void {
    for (const [resource, objects] of this.#objects) {
      for (const { metadata } of objects.values()) {
        if (metadata.uid !== uid || !metadata.finalizers?.includes(FOREGROUND)) continue;
        if (this.#dependents(uid).length > 0) return;
        this.mutate(resource, metadata.namespace, metadata.name, (owner) => {
          owner.metadata.finalizers = metadata.finalizers?.filter((finalizer) => finalizer !== FOREGROUND) ?? [];
        });
        return;
      }
    }
  }
}

function tell(listener: Listener, change: Change): void {
  try {
    listener(change);
  } catch (error) {
    // A subscriber's fault is not that of whoever changed the object.
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}

function keyOf({ metadata }: { readonly metadata: Pick<KubeObject['metadata'], 'name' | 'namespace'> }): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function byName({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number {
  return compare(a.namespace ?? '', b.namespace ?? '') || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
