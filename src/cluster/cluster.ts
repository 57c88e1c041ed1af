/** What kmcast needs of a Kubernetes API server, behind one small interface, so that a library's next major touches this folder alone. */

/** Metadata that kmcast reads. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly resourceVersion?: string;
  readonly ownerReferences?: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
    readonly controller?: boolean;
  }[];
  readonly managedFields?: readonly {
    readonly manager?: string;
    readonly operation?: string;
    readonly time?: string;
    readonly fieldsV1?: Record<string, unknown>;
  }[];
}

/** Any object; callers name the shape that they read. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

/** What a permission check asks (SelfSubjectAccessReview). */
export interface Access {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly group?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** How a command in a container ended. */
export type ExecEnd =
  /** It ran and ended with this status. */
  | { readonly kind: 'exited'; readonly code: number; readonly message?: string }
  /** It could not be started: no such program, no such container, refused by the runtime. */
  | { readonly kind: 'not-started'; readonly message: string }
  /** The connection ended before its status came: closed, broken, aborted, deadline. */
  | { readonly kind: 'interrupted'; readonly message: string };

export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly command: readonly string[];
  /** Sent first; stdin then stays open until the command ends or `signal` fires (the agent's lifeline). Absent: no stdin. */
  readonly stdin?: Uint8Array;
  /** Told how to write more to stdin, once it is open. */
  readonly onStdin?: (write: (data: Uint8Array) => void) => void;
  /** May return a promise: the connection is paused until it resolves (back-pressure). */
  readonly onStdout: (chunk: Uint8Array) => void | Promise<void>;
  readonly onStderr?: (chunk: Uint8Array) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds from the start to the forced end. */
  readonly deadline: number;
  /** `attach` to the container's main process in place of running a new one (ephemeral containers). */
  readonly attach?: boolean;
}

export interface Cluster {
  /** Context's name, or `in-cluster`. */
  readonly context: string;
  /** Namespace of the context, or that of the service account; `default` otherwise. */
  readonly namespace: string;
  /** The API server, for messages. */
  readonly server: string;
  /** GET of one object by its API path (`/api/v1/namespaces/a/pods/b`). Throws ClusterError. */
  get<T = KubeObject>(path: string, query?: Readonly<Record<string, string>>): Promise<T>;
  /** GET of what is text and no object (`…/pods/b/log`). Throws ClusterError. */
  text(path: string, query?: Readonly<Record<string, string>>): Promise<string>;
  /** All items of a list, page by page (limit 500; a 410 in between starts again). Throws ClusterError. */
  list<T = KubeObject>(path: string, query?: Readonly<Record<string, string>>): Promise<T[]>;
  create<T = KubeObject>(path: string, body: unknown, query?: Readonly<Record<string, string>>): Promise<T>;
  /** Strategic merge patch unless `type` says otherwise. */
  patch<T = KubeObject>(path: string, body: unknown, type?: 'strategic' | 'merge' | 'json'): Promise<T>;
  /** Deletes an object, or with `labelSelector` those of a collection in one request; what is already gone is no error. */
  delete(
    path: string,
    options?: {
      readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
      readonly gracePeriodSeconds?: number;
      readonly labelSelector?: string;
    },
  ): Promise<void>;
  /** Calls `onEvent` for each change until it returns true or the deadline (ms) passes; resolves to whether it returned true. */
  watch<T = KubeObject>(
    path: string,
    query: Readonly<Record<string, string>>,
    deadline: number,
    onEvent: (type: string, object: T) => boolean,
    signal?: AbortSignal,
  ): Promise<boolean>;
  exec(request: ExecRequest): Promise<ExecEnd>;
  /** SelfSubjectAccessReview; results are remembered. `reason` is what to tell the operator when not allowed. */
  can(access: Access): Promise<{ readonly allowed: boolean; readonly reason: string }>;
}

/** Why a request failed, in kinds that callers act on. */
export type ClusterErrorKind =
  | 'no-config'
  | 'unreachable'
  | 'certificate'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'invalid'
  | 'throttled'
  | 'timeout'
  | 'aborted'
  | 'other';

/** A failed request. `message` is a sentence for the operator (what failed, where, why); `hint` says what to do. */
export class ClusterError extends Error {
  readonly kind: ClusterErrorKind;
  readonly hint: string | undefined;
  constructor(kind: ClusterErrorKind, message: string, hint?: string) {
    super(message);
    this.name = 'ClusterError';
    this.kind = kind;
    this.hint = hint;
  }
}
