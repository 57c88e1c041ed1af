/** Capture by tcpdump, where there is no Python: one program for each interface, and their pcap streams counted together. */
import type { CaptureJob, CaptureMessage } from '../agent/capture-job.ts';
import type { Vantage } from '../vantage/vantage.ts';
import type { Counter } from './counter.ts';
import {
  CannotCapture,
  type JoinOutcome,
  type Tally,
  type Watch,
  type WatchEvents,
  type WatchedInterface,
  type WatchWishes,
} from './live.ts';
import { pcapFilter } from './pcap-filter.ts';
import { CaptureReader } from './reader.ts';
import { counterOf, either, notStarted, type StreamOptions } from './stream-options.ts';

export interface TcpdumpOptions extends StreamOptions {
  /** Joins the groups, which tcpdump cannot. */
  readonly join?: (wishes: WatchWishes) => Promise<readonly JoinOutcome[]>;
}

/** One interface's capture. */
interface Part {
  readonly interface: WatchedInterface;
  /** Resolves when it stands, with nothing, or cannot, with why. */
  readonly standing: Promise<CannotCapture | undefined>;
  /** Resolves to what cut it off, if anything did. */
  readonly ended: Promise<string | undefined>;
  lost: number;
}

export function watchTcpdump(
  vantage: Vantage,
  wishes: WatchWishes,
  events: WatchEvents,
  options: TcpdumpOptions,
): Watch {
  const stop = new AbortController();
  // What goes out is told by its link-layer source: pcap has no room for a direction.
  const counter = counterOf(
    wishes,
    options,
    wishes.interfaces.flatMap(({ mac }) => mac ?? []),
  );
  const parts = wishes.interfaces.map((iface, index) => {
    const taken = (chunk: Uint8Array, reader: CaptureReader): void | Promise<void> => {
      reader.push(chunk);
      if (counter.hasFresh) events.onFresh(counter.takeFresh());
      if (reader.stopped) stop.abort();
      if (options.file !== undefined && options.file.waiting > 0) return options.file.flush();
    };
    return capturePart(vantage, jobOf(wishes, options, iface), { iface, index, counter, options, taken, stop });
  });
  const lost = (): number => parts.reduce((sum, part) => sum + part.lost, 0);
  const run = async (): Promise<Tally> => {
    const results = await Promise.all(parts.map(({ standing }) => standing));
    const failed = parts.flatMap(({ interface: { name } }, i) =>
      results[i] === undefined ? [] : [{ interface: name, error: results[i].message }],
    );
    const standing = parts.filter((_, i) => results[i] === undefined);
    if (standing.length === 0) throw summedUp(results);
    const joins = await (options.join ?? refuseJoins)(wishes);
    events.onBegan({ interfaces: standing.map((part) => part.interface.name), failures: failed, joins });
    const problems = await Promise.all(standing.map(({ ended }) => ended));
    const problem = problems.find((text) => text !== undefined);
    return counter.tally(lost(), stop.signal.aborted ? undefined : problem);
  };
  return { glance: () => counter.glance(lost()), stop: () => stop.abort(), ended: run() };
}

interface PartTools {
  readonly iface: WatchedInterface;
  readonly index: number;
  readonly counter: Counter;
  readonly options: TcpdumpOptions;
  readonly taken: (chunk: Uint8Array, reader: CaptureReader) => void | Promise<void>;
  readonly stop: AbortController;
}

function capturePart(vantage: Vantage, job: CaptureJob, tools: PartTools): Part {
  const { iface, index, counter, options, taken, stop } = tools;
  const { file, label, signal } = options;
  let settle: (why: CannotCapture | undefined) => void = () => {};
  const standing = new Promise<CannotCapture | undefined>((resolve) => {
    settle = resolve;
  });
  const reader = new CaptureReader((packet) => {
    packet.interface = index;
    return counter.take(packet);
  });
  let isDeclared = file === undefined;
  const onBytes = (chunk: Uint8Array): void | Promise<void> => {
    const busy = taken(chunk, reader);
    const [described] = isDeclared ? [] : reader.end().interfaces;
    if (described !== undefined) {
      isDeclared = true;
      file?.declare(label === undefined ? iface.name : `${label}:${iface.name}`, described.linkType);
    }
    return busy;
  };
  const onMessage = (message: CaptureMessage): void => {
    if (message.type === 'began') settle(undefined);
    else if (message.type === 'lost') part.lost = message.packets;
  };
  const ended = vantage.capture(job, { onBytes, onMessage }, either(stop.signal, signal)).then(
    ({ problem }) => problem,
    (error: unknown) => {
      const why = notStarted(error);
      settle(why);
      return why.message;
    },
  );
  const part: Part = { interface: iface, standing, ended, lost: 0 };
  return part;
}

function jobOf(wishes: WatchWishes, { enter }: StreamOptions, { name }: WatchedInterface): CaptureJob {
  return {
    kind: 'capture',
    deadline: wishes.milliseconds / 1000,
    enter,
    interfaces: [name],
    groups: [],
    joins: [],
    joinOn: [],
    snapLength: wishes.snapLength,
    tcpdump: pcapFilter(wishes.queries),
  };
}

/** Why nothing stands: what all say alike is said once. */
function summedUp(results: readonly (CannotCapture | undefined)[]): CannotCapture {
  const reasons = results.flatMap((result) => result ?? []);
  const texts = [...new Set(reasons.map(({ message }) => message))].join('; ');
  return new CannotCapture(texts || 'there is no interface to watch', reasons[0]?.kind ?? 'other');
}

async function refuseJoins({ joins, interfaces }: WatchWishes): Promise<readonly JoinOutcome[]> {
  const error = 'tcpdump cannot join, and there is no python3';
  const names = interfaces.filter(({ join }) => join).map(({ name }) => name);
  return names.flatMap((name) => joins.map((join) => ({ ...join, interface: name, error })));
}
