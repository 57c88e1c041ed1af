/** The lab's objects, in memory: what the API server serves, the controllers and the kubelets act upon. */
import type { KubeObject, NewObject, ResourceName } from './object.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceName;
  /** The object after the change (before it, when deleted), not shared with the store. */
  readonly object: KubeObject;
}

/** A failed request, as the API says it (meta/v1 Status): 404 NotFound, 409 AlreadyExists or Conflict, 422 Invalid … */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: number, reason: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

export interface RemoveOptions {
  /** Seconds a pod's containers have to end; 0: the object goes at once. Other kinds go at once always. */
  readonly grace?: number;
  /** Precondition: only the object with this UID. */
  readonly uid?: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
}

/**
 * All calls are synchronous and atomic; what goes in and comes out is copied. Cluster-wide resources take `undefined` for the
 * namespace. Every change has a resourceVersion of its own, rising over all kinds, and is told to the subscribers in that order.
 */
export interface Store {
  /** Sets uid, creationTimestamp, resourceVersion, and a name for generateName; fills in apiVersion and kind of known resources, and defaults. Throws StatusError 409 where it exists, 404 for no such namespace. */
  create(resource: ResourceName, object: NewObject): KubeObject;
  get(resource: ResourceName, namespace: string | undefined, name: string): KubeObject | undefined;
  /** Of all namespaces when none is given; in the order of namespace and name. */
  list(resource: ResourceName, namespace?: string): KubeObject[];
  /** Reads, changes and writes in one step; raises `generation` when `spec` differs. Throws 404. No change, no event. */
  mutate(
    resource: ResourceName,
    namespace: string | undefined,
    name: string,
    change: (object: KubeObject) => void,
  ): KubeObject;
  /**
   * What DELETE does: a pod bound to a node gets its deletionTimestamp and stays until its kubelet calls `purge`, an object with
   * finalizers until they are empty; anything else goes. Returns the object as it then is. Throws 404, 409 for another uid.
   */
  remove(resource: ResourceName, namespace: string | undefined, name: string, options?: RemoveOptions): KubeObject;
  /** Takes an object out, whatever its state: the last step of a pod's or a namespace's end. Nothing happens where it is gone. */
  purge(resource: ResourceName, namespace: string | undefined, name: string, uid: string): void;
  /** Told of each change, synchronously; returns how to end it. With `replay`, what exists comes first as ADDED. */
  subscribe(
    listener: (change: Change) => void,
    options?: { readonly resources?: readonly ResourceName[]; readonly replay?: boolean },
  ): () => void;
  /** The newest resourceVersion. */
  readonly version: string;
}
