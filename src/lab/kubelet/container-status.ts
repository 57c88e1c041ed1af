/** The status of a container (core/v1 ContainerStatus), as the kubelet writes it. */

export interface Terminated {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason: string;
  readonly message?: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly containerID?: string;
}

export type ContainerState =
  | { readonly waiting: { readonly reason: string; readonly message?: string } }
  | { readonly running: { readonly startedAt: string } }
  | { readonly terminated: Terminated };

export interface ContainerStatus {
  readonly name: string;
  image: string;
  imageID: string;
  containerID?: string;
  state: ContainerState;
  lastState: { terminated?: Terminated };
  ready: boolean;
  started: boolean;
  restartCount: number;
}

export function newStatus(name: string, image: string, reason: string): ContainerStatus {
  const state = { waiting: { reason } };
  return { name, image, imageID: '', state, lastState: {}, ready: false, started: false, restartCount: 0 };
}

/** RFC 3339, whole seconds: as the API server writes times. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

export function isRunning(status: ContainerStatus): boolean {
  return 'running' in status.state;
}

/** How it ended, now or the last time. */
export function lastEnd({ state, lastState }: ContainerStatus): Terminated | undefined {
  return 'terminated' in state ? state.terminated : lastState.terminated;
}
