/** Kubernetes objects as the lab's API server keeps them: any kind, with the metadata that the machinery itself needs. */

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** metadata (meta/v1 ObjectMeta), what the lab uses of it. Times are RFC 3339. */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  generateName?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
}

/** An object of any kind. What the lab knows nothing of stays in it untouched. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  // biome-ignore lint/suspicious/noExplicitAny: the fields of dozens of kinds; those who read one know its shape
  [field: string]: any;
}

/** One to be created: the store adds what is missing. */
export interface NewObject {
  apiVersion?: string;
  kind?: string;
  metadata: Partial<ObjectMeta>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  [field: string]: any;
}

/** A plural name with its API group, as kubectl writes it: `pods`, `deployments.apps`. */
export type ResourceName = string;
