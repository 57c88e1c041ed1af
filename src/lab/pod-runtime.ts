/** What the API server asks of the kubelets: the subresources of a pod that reach into its containers. */
import type { Readable, Writable } from 'node:stream';

export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  /** The first container when absent. */
  readonly container?: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** A process in a container. `stderr` is absent with a terminal. */
export interface ContainerProcess {
  readonly stdin?: Writable;
  readonly stdout: Readable;
  readonly stderr?: Readable;
  /** The exit status; 128 + n for a signal. */
  readonly ended: Promise<number>;
  /** The client went away: ends the process's stdin and output. (A real kubelet does not kill it, nor does the lab.) */
  release(): void;
}

export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly limitBytes?: number;
}

/** Throws StatusError (404, 400 with the API server's words: `container "x" in pod "y" is waiting to start: ContainerCreating`). */
export interface PodRuntime {
  exec(request: ExecRequest): Promise<ContainerProcess>;
  attach(request: Omit<ExecRequest, 'command'>): Promise<ContainerProcess>;
  logs(request: LogRequest): Promise<Readable>;
}
