/** What captures that come as streams have in common. */
import type { Enter } from '../agent/protocol.ts';
import { AgentNotStarted } from '../vantage/run-agent.ts';
import { Counter } from './counter.ts';
import { CannotCapture, type WatchWishes } from './live.ts';
import type { PcapngFile } from './pcapng-file.ts';

export interface StreamOptions {
  readonly enter: Enter;
  /** Where packets are kept, and what stands before interfaces' names there. */
  readonly file?: PcapngFile;
  readonly label?: string;
  readonly signal?: AbortSignal;
}

/** @param ownMacs where packets have no direction: what comes from these goes out */
export function counterOf(wishes: WatchWishes, { file, label }: StreamOptions, ownMacs?: readonly string[]): Counter {
  const { queries, interfaces, packets, bytes } = wishes;
  return new Counter({
    queries,
    nameOf: (index) => interfaces[index]?.name ?? '',
    ...(ownMacs === undefined ? {} : { ownMacs }),
    ...(file === undefined ? {} : { file }),
    ...(label === undefined ? {} : { label }),
    ...(packets === undefined ? {} : { packets }),
    ...(bytes === undefined ? {} : { bytes }),
  });
}

/** Why no agent began to capture; `no-module` where another program may. Other errors are passed on. */
export function notStarted(error: unknown): CannotCapture {
  if (!(error instanceof AgentNotStarted)) throw error;
  const isDenied = /not permitted|permission/i.test(error.message);
  return new CannotCapture(error.message, error.noRuntime ? 'no-module' : isDenied ? 'no-right' : 'other');
}

export function either(a: AbortSignal, b: AbortSignal | undefined): AbortSignal {
  return b === undefined ? a : AbortSignal.any([a, b]);
}
