/** Capture by an agent at any vantage: its pcapng stream, counted as it comes. */
import type { CaptureJob, CaptureMessage } from '../agent/capture-job.ts';
import type { Enter } from '../agent/protocol.ts';
import type { Vantage } from '../vantage/vantage.ts';
import type { JoinOutcome, Tally, Watch, WatchEvents, WatchWishes } from './live.ts';
import { CaptureReader } from './reader.ts';
import { counterOf, either, notStarted, type StreamOptions } from './stream-options.ts';

export function watchStream(vantage: Vantage, wishes: WatchWishes, events: WatchEvents, options: StreamOptions): Watch {
  const { file, label, signal } = options;
  const stop = new AbortController();
  const counter = counterOf(wishes, options);
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
      else if (message.type === 'end') lost = message.lost ?? lost;
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
      throw notStarted(error);
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
