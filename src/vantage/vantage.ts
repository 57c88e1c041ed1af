/** A vantage: a place from which kmcast can look and act in a network namespace. */

import type { CaptureJob } from '../agent/capture-job.ts';
import type { AgentControl } from '../agent/control.ts';
import type { AgentMessage, ObserveJob } from '../agent/protocol.ts';
import type { CaptureEnd, CaptureTaker } from './run-capture.ts';

/** How kmcast got in. */
export type VantageKind = 'local' | 'exec' | 'node-pod' | 'ephemeral';

/** How a job ended: by itself, or cut off (then what it said so far stands, and `problem` says what cut it). */
export interface JobEnd {
  readonly complete: boolean;
  readonly problem?: string;
}

/** One interface for four ways in. */
export interface Vantage {
  readonly kind: VantageKind;
  /** For people: `exec into pod video/rx, container app`, `node pod kmcast-1a2b on node1`, `this machine`. */
  readonly description: string;
  /**
   * Runs one job. Messages come as they are said. Never hangs: it ends with the agent, on `signal`, or a few seconds after
   * the job's deadline. Resolves also when the connection broke; rejects only when the agent could not be started at all.
   */
  run(
    job: ObserveJob,
    onMessage: (message: AgentMessage) => void,
    signal?: AbortSignal,
    control?: AgentControl,
  ): Promise<JobEnd>;
  /** Captures packets, in the same manner. Rejects with AgentNotStarted where nothing there can capture, or has no right to. */
  capture(job: CaptureJob, taker: CaptureTaker, signal?: AbortSignal): Promise<CaptureEnd>;
  /** Removes what was created. May be called twice. */
  close(): Promise<void>;
}
