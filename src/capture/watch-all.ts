/** Watches several places at once. One that fails is an outcome, not the end of the others. */
import type { SeenSource } from '../discover/account.ts';
import type { Access } from '../facts/observe/access.ts';
import { type Began, CannotCapture, type Glance, type Tally, type WatchedInterface } from './live.ts';
import type { PlaceWishes, WatchedPlace, WatchPlace } from './place.ts';
import { watchPlace } from './places.ts';

/** What became of a place. */
export interface PlaceOutcome {
  readonly place: { readonly name: string };
  readonly vantage?: string;
  /** A process of its own wrote the file. */
  readonly native?: boolean;
  readonly interfaces: readonly WatchedInterface[];
  readonly began?: Began;
  readonly tally?: Tally;
  /** Why nothing was captured there, or not all. */
  readonly problem?: string;
  readonly kind?: CannotCapture['kind'];
}

export interface SweepTools {
  readonly access?: Access;
  readonly announce: (text: string) => void;
  readonly onFresh: (place: WatchPlace, sources: readonly SeenSource[]) => void;
  /** A capture stands, and what it joined. */
  readonly onStanding?: (watched: WatchedPlace) => void;
  /** Ends all at once. */
  readonly signal: AbortSignal;
}

export class Sweep {
  readonly ended: Promise<PlaceOutcome[]>;
  readonly #standing = new Map<WatchPlace, WatchedPlace>();
  readonly #tools: SweepTools;
  readonly #wishes: (place: WatchPlace) => PlaceWishes;
  #stopped = false;

  constructor(places: readonly WatchPlace[], wishes: (place: WatchPlace) => PlaceWishes, tools: SweepTools) {
    this.#tools = tools;
    this.#wishes = wishes;
    this.ended = Promise.all(places.map((place) => this.#watch(place)));
  }

  /** What each place that stands has seen by now. */
  glances(): { readonly place: WatchPlace; readonly glance: Glance }[] {
    return [...this.#standing].map(([place, { watch }]) => ({ place, glance: watch.glance() }));
  }

  /** Ends every watch soon: what was counted stays. */
  stop(): void {
    this.#stopped = true;
    for (const { watch } of this.#standing.values()) watch.stop();
  }

  async #watch(place: WatchPlace): Promise<PlaceOutcome> {
    const { access, announce, signal, onFresh, onStanding } = this.#tools;
    let watched: WatchedPlace;
    try {
      watched = await watchPlace(place, this.#wishes(place), {
        announce,
        signal,
        onFresh: (sources) => onFresh(place, sources),
        ...(access === undefined ? {} : { access }),
      });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CannotCapture)) throw error;
      return { place, interfaces: [], problem: error.message, kind: error.kind };
    }
    const { vantage, native, interfaces, began, watch } = watched;
    this.#standing.set(place, watched);
    onStanding?.(watched);
    if (this.#stopped) watch.stop();
    const outcome = { place, vantage, native, interfaces, began };
    try {
      const tally = await watch.ended;
      return { ...outcome, tally, ...(tally.problem === undefined ? {} : { problem: tally.problem }) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CannotCapture)) throw error;
      return { ...outcome, problem: error.message, kind: error.kind };
    }
  }
}
