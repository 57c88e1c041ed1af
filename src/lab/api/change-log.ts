import type { KubeObject, ResourceName } from '../object.ts';
import type { Store } from '../store.ts';

/** One change, with the object as it was before: a watch with a selector must know whether it was seen. */
export interface Entry {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceName;
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

/** How many changes back a watch may begin. */
const WINDOW = 5000;

/** The store's changes of late, for watches that begin at an older version. Entries are shared: nobody changes them. */
export class ChangeLog {
  readonly #entries: Entry[] = [];
  readonly #current = new Map<string, KubeObject>();
  readonly #listeners = new Set<(entry: Entry) => void>();
  readonly #end: () => void;
  /** Changes up to this version are not in the log. */
  #forgotten: number;

  constructor(store: Store) {
    this.#forgotten = Number(store.version);
    this.#end = store.subscribe(({ type, resource, object }) => this.#take(type, resource, object), { replay: true });
  }

  /** The changes after a version, oldest first; undefined when some of them are forgotten. */
  since(version: number): readonly Entry[] | undefined {
    if (version < this.#forgotten) return undefined;
    return this.#entries.filter((entry) => entry.version > version);
  }

  /** The oldest version that `since` can serve. */
  get oldest(): number {
    return this.#forgotten;
  }

  listen(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#end();
    this.#listeners.clear();
  }

  #take(type: Entry['type'], resource: ResourceName, object: KubeObject): void {
    const { uid, resourceVersion } = object.metadata;
    const previous = this.#current.get(uid);
    if (type === 'DELETED') this.#current.delete(uid);
    else this.#current.set(uid, object);
    const version = Number(resourceVersion);
    // What was there before the log began is only replayed.
    if (version <= this.#forgotten) return;
    const entry = { version, type, resource, object, previous };
    this.#entries.push(entry);
    if (this.#entries.length > WINDOW) this.#forgotten = this.#entries.shift()!.version;
    for (const listener of [...this.#listeners]) listener(entry);
  }
}
