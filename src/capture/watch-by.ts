/** A watch at a vantage, by the first program that is there: announced, begun, and joined. */
import type { Vantage } from '../vantage/vantage.ts';
import {
  type Began,
  CannotCapture,
  type Watch,
  type WatchEvents,
  type WatchedInterface,
  type WatchWishes,
} from './live.ts';
import { joinGroups } from './native-join.ts';
import type { PlaceTools, PlaceWishes, WatchedPlace, WatchPlace } from './place.ts';
import { chooseInterfaces, readLinks } from './place-interfaces.ts';
import { watchStream } from './stream-watch.ts';
import { watchTcpdump } from './tcpdump-watch.ts';
import type { Way } from './ways.ts';

/** @param known the place's interfaces, where they were read. Rejects with CannotCapture. */
export async function watchBy(
  place: WatchPlace,
  vantage: Vantage,
  { enter, programs }: Omit<Way, 'open'>,
  wishes: PlaceWishes,
  tools: PlaceTools,
  known?: readonly WatchedInterface[],
): Promise<WatchedPlace> {
  const isHost = place.kind !== 'pod' || place.pod.spec.hostNetwork === true;
  const interfaces = known ?? choose(await readLinks(vantage, enter, tools.signal), wishes, isHost);
  const { keep } = wishes;
  const options = {
    enter,
    signal: tools.signal,
    ...(keep === undefined ? {} : { file: keep.file }),
    ...(keep?.label === undefined ? {} : { label: keep.label }),
  };
  const about = { place, native: false, interfaces };
  const wanted = watchWishes(wishes, interfaces);
  if (programs.includes('python3')) {
    try {
      const start = (events: WatchEvents) => watchStream(vantage, wanted, events, options);
      announceJoins(place, wishes, interfaces, tools);
      const begun = await begin(start, tools);
      return { ...about, vantage: vantage.description, ...begun };
    } catch (error) {
      if (!isMissing(error) || !programs.includes('tcpdump')) throw error;
    }
  }
  const join = place.kind === 'local' ? { join: (w: WatchWishes) => joinGroups(w.joins, w.interfaces) } : {};
  try {
    const begun = await begin((events) => watchTcpdump(vantage, wanted, events, { ...options, ...join }), tools);
    tools.announce(
      `${place.name}: there is no python3: capturing by tcpdump, which does not tell directions: what does not come from an interface's own MAC counts as coming in`,
    );
    return { ...about, vantage: `${vantage.description}, by tcpdump`, ...begun };
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new CannotCapture('neither python3 nor tcpdump is there, and a capture needs one of them', 'no-module');
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof CannotCapture && error.kind === 'no-module';
}

export function choose(
  found: Parameters<typeof chooseInterfaces>[0],
  wishes: PlaceWishes,
  isHost: boolean,
): WatchedInterface[] {
  const interfaces = chooseInterfaces(found, wishes.interfaces, isHost);
  if (typeof interfaces === 'string') throw new CannotCapture(interfaces, 'other');
  return interfaces;
}

export function watchWishes(
  { keep: _, interfaces: __, ...wishes }: PlaceWishes,
  interfaces: WatchedInterface[] | readonly WatchedInterface[],
): WatchWishes {
  return { ...wishes, interfaces };
}

/** A join is load, and changes the state of switches and routers. */
export function announceJoins(
  place: WatchPlace,
  { joins, milliseconds }: PlaceWishes,
  interfaces: readonly WatchedInterface[],
  tools: PlaceTools,
): void {
  const on = interfaces.filter(({ join }) => join).map(({ name }) => name);
  if (joins.length === 0 || on.length === 0) return;
  const named = joins.slice(0, 3).map(({ group, source }) => (source === undefined ? group : `${source}@${group}`));
  const more = joins.length > named.length ? ` and ${joins.length - named.length} more` : '';
  tools.announce(
    `joining ${named.join(', ')}${more} on ${on.join(', ')} of ${place.name} for at most ${milliseconds / 1000} s`,
  );
}

/** Starts a watch and waits until it stands. */
export async function begin(
  start: (events: WatchEvents) => Watch,
  tools: PlaceTools,
): Promise<{ began: Began; watch: Watch }> {
  let settle: (began: Began) => void = () => {};
  const standing = new Promise<Began>((resolve) => {
    settle = resolve;
  });
  const watch = start({ onFresh: tools.onFresh, onBegan: settle });
  const failure = watch.ended.then((tally) => {
    // It may have ended by its own limits before this was noticed.
    throw new CannotCapture(tally.problem ?? 'the capture ended at once', 'other');
  });
  const began = await Promise.race([standing, failure]);
  failure.catch(() => {});
  return { began, watch };
}
