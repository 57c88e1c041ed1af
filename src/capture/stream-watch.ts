/** Capture by an agent at any vantage: its pcapng stream, counted as it comes. */

import type { CaptureJob, CaptureMessage } from '../agent/capture-job.ts';
import type { Enter } from '../agent/protocol.ts';
import { AgentNotStarted } from '../vantage/run-agent.ts';
import type { Vantage } from '../vantage/vantage.ts';
import { Counter } from './counter.ts';
import { CannotCapture, type JoinOutcome, type Tally, type Watch, type WatchEvents, type WatchWishes } from './live.ts';
import type { PcapngFile } from './pcapng-file.ts';
import { CaptureReader } from './reader.ts';

export interface StreamOptions {
  readonly enter: Enter;
  /** Where packets are kept, and what stands before interfaces' names there. */
  readonly file?: PcapngFile;
  readonly label?: string;
  readonly signal?: AbortSignal;
}

export function watchStream(vantage: Vantage, wishes: WatchWishes, events: WatchEvents, options: StreamOptions): Watch {
  const { file, label, signal } = options;
  const stop = new AbortController();
  const names = wishes.interfaces.map(({ name }) => name);
  const counter = new Counter({
    queries: wishes.queries,
    nameOf: (index) => names[index] ?? '',
    ...(file === undefined ? {} : { file }),
    ...(label === undefined ? {} : { label }),
    ...(wishes.packets === undefined ? {} : { packets: wishes.packets }),
    ...(wishes.bytes === undefined ? {} : { bytes: wishes.bytes }),
  });
  const reader = new CaptureReader((packet) => counter.take(packet));
  let declared = file === undefined;
  /** The agent describes all interfaces at the beginning. */
  const declare = (): void => {
    const { interfaces } = reader.end();
    for (const { name = '', linkType } of interfaces)
      file?.declare(label === undefined ? name : `${label}:${name}`, linkType);
    declared = interfaces.length > 0;
  };
  const joins: JoinOutcome[] = [];
  let lost = 0;
  let began = false;
  const taker = {
    onBytes: (chunk: Uint8Array): void | Promise<void> => {
      reader.push(chunk);
      if (!declared) declare();
      if (counter.hasFresh) events.onFresh(counter.takeFresh());
      if (reader.stopped) stop.abort();
      if (file !== undefined && file.waiting > 0) return file.flush();
    },
    onMessage: (message: CaptureMessage): void => {
      if (message.type === 'lost') lost = message.packets;
      else if (message.type === 'end') lost = message.lost;
      else if (message.type === 'joined') {
        const { type: _, ...join } = message;
        joins.push(join);
      } else if (message.type === 'began') {
        began = true;
        events.onBegan({ interfaces: message.interfaces, failures: [], joins });
      }
    },
  };
  const run = async (): Promise<Tally> => {
    try {
      const end = await vantage.capture(jobOf(wishes, options.enter), taker, either(stop.signal, signal));
      return counter.tally(lost, stop.signal.aborted ? undefined : end.problem);
    } catch (error) {
      if (began) return counter.tally(lost, error instanceof Error ? error.message : String(error));
      if (!(error instanceof AgentNotStarted)) throw error;
      throw new CannotCapture(error.message, /not permitted|permission/i.test(error.message) ? 'no-right' : 'other');
    }
  };
  return { glance: () => counter.glance(lost), stop: () => stop.abort(), ended: run() };
}

function jobOf(wishes: WatchWishes, enter: Enter): CaptureJob {
  return {
    kind: 'capture',
    deadline: wishes.milliseconds / 1000,
    enter,
    interfaces: wishes.interfaces.map(({ name }) => name),
    groups: [...new Set(wishes.queries.map(({ prefix }) => prefix))],
    joins: wishes.joins,
    joinOn: wishes.interfaces.filter(({ join }) => join).map(({ name }) => name),
    snapLength: wishes.snapLength,
    // The agent's filter does not know ports and sources: what it counts is more than what is asked for.
    ...(wishes.packets === undefined || wishes.queries.length > 0 ? {} : { packets: wishes.packets }),
  };
}

function either(a: AbortSignal, b: AbortSignal | undefined): AbortSignal {
  return b === undefined ? a : AbortSignal.any([a, b]);
}
