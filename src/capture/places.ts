/** From a place to a running watch: the first way in by which its packets can be captured. */
import type { Enter } from '../agent/protocol.ts';
import type { GroupQuery, WantedJoin } from '../discover/group-query.ts';
import type { PodObject } from '../facts/api/pod.ts';
import type { Access, Opened } from '../facts/observe/access.ts';
import { podEntry } from '../facts/observe/pod-entry.ts';
import { localVantage } from '../vantage/local.ts';
import type { Vantage } from '../vantage/vantage.ts';
import {
  type Began,
  CannotCapture,
  type Watch,
  type WatchEvents,
  type WatchedInterface,
  type WatchWishes,
} from './live.ts';
import { watchNative } from './native.ts';
import { canJoin } from './native-join.ts';
import type { PcapngFile } from './pcapng-file.ts';
import { chooseInterfaces, readLinks } from './place-interfaces.ts';
import { watchStream } from './stream-watch.ts';

/** Where to watch. */
export type WatchPlace =
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'node'; readonly name: string; readonly node: string }
  | { readonly kind: 'pod'; readonly name: string; readonly pod: PodObject; readonly container?: string };

export interface PlaceWishes {
  readonly queries: readonly GroupQuery[];
  readonly joins: readonly WantedJoin[];
  /** `-i`; empty for the usual ones. */
  readonly interfaces: readonly string[];
  readonly snapLength: number;
  readonly milliseconds: number;
  readonly packets?: number;
  readonly bytes?: number;
  /** Where packets are kept: a descriptor that a process of its own may write to, or a file in this process. */
  readonly keep?: { readonly descriptor?: number; readonly file: PcapngFile; readonly label?: string };
}

export interface PlaceTools {
  /** Absent for `local`. */
  readonly access?: Access;
  readonly announce: (text: string) => void;
  readonly onFresh: WatchEvents['onFresh'];
  readonly signal: AbortSignal;
}

/** A place that is being watched. */
export interface WatchedPlace {
  readonly place: WatchPlace;
  readonly vantage: string;
  /** A process of its own captures, and writes the file. */
  readonly native: boolean;
  readonly interfaces: readonly WatchedInterface[];
  readonly began: Began;
  readonly watch: Watch;
}

interface Way {
  readonly open: () => Promise<Opened>;
  readonly enter: Enter;
}

/** Resolves when the capture and the joins stand. Rejects with CannotCapture, with the reason of each way that was tried. */
export async function watchPlace(place: WatchPlace, wishes: PlaceWishes, tools: PlaceTools): Promise<WatchedPlace> {
  if (place.kind === 'local') return watchLocal(place, wishes, tools).catch(explainRight);
  const reasons: string[] = [];
  let kind: CannotCapture['kind'] = 'other';
  for (const way of waysInto(place, tools.access)) {
    const opened = await way.open();
    tools.signal.throwIfAborted();
    if ('refused' in opened) {
      reasons.push(opened.refused);
      continue;
    }
    try {
      return await watchBy(place, opened.vantage, way.enter, wishes, tools);
    } catch (error) {
      tools.signal.throwIfAborted();
      if (error instanceof CannotCapture) kind = error.kind;
      reasons.push(`${opened.vantage.description}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new CannotCapture(reasons.join('; '), kind);
}

/** Least privilege first; an ephemeral container, which stays in the pod's specification, last. */
function waysInto(place: Exclude<WatchPlace, { kind: 'local' }>, access: Access | undefined): Way[] {
  if (access === undefined) return [];
  if (place.kind === 'node') return [{ open: () => access.nodePod(place.node), enter: { kind: 'node' } }];
  const { pod, container } = place;
  const node = pod.spec.nodeName;
  return [
    { open: () => access.exec(pod, container), enter: { kind: 'here' } },
    ...(node === undefined ? [] : [{ open: () => access.nodePod(node), enter: podEntry(pod) }]),
    { open: () => access.ephemeral(pod), enter: { kind: 'here' } },
  ];
}

function explainRight(error: unknown): never {
  if (!(error instanceof CannotCapture) || error.kind !== 'no-right') throw error;
  throw new CannotCapture(
    `no right to capture on this machine (${error.message}): run kmcast as root, or with the capability CAP_NET_RAW`,
    error.kind,
  );
}

/** node_pcap where it is installed, else an agent as a child process. */
async function watchLocal(place: WatchPlace, wishes: PlaceWishes, tools: PlaceTools): Promise<WatchedPlace> {
  const vantage = localVantage();
  const interfaces = choose(await readLinks(vantage, { kind: 'here' }, tools.signal), wishes, true);
  const { keep } = wishes;
  const isFit = keep === undefined || keep.descriptor !== undefined;
  const joinable = interfaces.every((iface) => !iface.join || canJoin(wishes.joins, iface));
  if (isFit && joinable) {
    try {
      const start = (events: WatchEvents) => watchNative(watchWishes(wishes, interfaces), events, keep?.descriptor);
      announceJoins(place, wishes, interfaces, tools);
      return { place, vantage: 'this machine, by node_pcap', native: true, interfaces, ...(await begin(start, tools)) };
    } catch (error) {
      if (!(error instanceof CannotCapture) || error.kind !== 'no-module') throw error;
      tools.announce(`node_pcap is not there (${error.message}): capturing by an agent in Python, which is slower`);
    }
  }
  return watchBy(place, vantage, { kind: 'here' }, wishes, tools, interfaces);
}

async function watchBy(
  place: WatchPlace,
  vantage: Vantage,
  enter: Enter,
  wishes: PlaceWishes,
  tools: PlaceTools,
  known?: readonly WatchedInterface[],
): Promise<WatchedPlace> {
  const isHost = place.kind !== 'pod' || place.pod.spec.hostNetwork === true;
  const interfaces = known ?? choose(await readLinks(vantage, enter, tools.signal), wishes, isHost);
  const { keep } = wishes;
  const start = (events: WatchEvents) =>
    watchStream(vantage, watchWishes(wishes, interfaces), events, {
      enter,
      signal: tools.signal,
      ...(keep === undefined ? {} : { file: keep.file }),
      ...(keep?.label === undefined ? {} : { label: keep.label }),
    });
  announceJoins(place, wishes, interfaces, tools);
  const begun = await begin(start, tools);
  return { place, vantage: vantage.description, native: false, interfaces, ...begun };
}

function choose(
  found: Parameters<typeof chooseInterfaces>[0],
  wishes: PlaceWishes,
  isHost: boolean,
): WatchedInterface[] {
  const interfaces = chooseInterfaces(found, wishes.interfaces, isHost);
  if (typeof interfaces === 'string') throw new CannotCapture(interfaces, 'other');
  return interfaces;
}

function watchWishes(
  { keep: _, interfaces: __, ...wishes }: PlaceWishes,
  interfaces: WatchedInterface[] | readonly WatchedInterface[],
): WatchWishes {
  return { ...wishes, interfaces };
}

/** A join is load, and changes the state of switches and routers. */
function announceJoins(
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
async function begin(
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
