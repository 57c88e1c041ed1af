/** From a place to a running watch: the first way in by which its packets can be captured. */
import { localVantage } from '../vantage/local.ts';
import { CannotCapture, type WatchEvents } from './live.ts';
import { watchNative } from './native.ts';
import { canJoin } from './native-join.ts';
import type { PlaceTools, PlaceWishes, WatchedPlace, WatchPlace } from './place.ts';
import { readLinks } from './place-interfaces.ts';
import { announceJoins, begin, choose, watchBy, watchWishes } from './watch-by.ts';
import { BOTH, waysInto } from './ways.ts';

/** Resolves when the capture and the joins stand. Rejects with CannotCapture, with the reason of each way that was tried. */
export async function watchPlace(place: WatchPlace, wishes: PlaceWishes, tools: PlaceTools): Promise<WatchedPlace> {
  if (place.kind === 'local') return watchLocal(place, wishes, tools).catch(explainRight);
  const reasons: string[] = [];
  let kind: CannotCapture['kind'] = 'other';
  for (const way of waysInto(place, wishes, tools.access)) {
    const opened = await way.open();
    tools.signal.throwIfAborted();
    if ('refused' in opened) {
      reasons.push(opened.refused);
      continue;
    }
    try {
      return await watchBy(place, opened.vantage, way, wishes, tools);
    } catch (error) {
      tools.signal.throwIfAborted();
      if (error instanceof CannotCapture) kind = error.kind;
      reasons.push(`${opened.vantage.description}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new CannotCapture([...new Set(reasons)].join('; '), kind);
}

function explainRight(error: unknown): never {
  if (!(error instanceof CannotCapture) || error.kind !== 'no-right') throw error;
  throw new CannotCapture(
    `no right to capture on this machine (${error.message}): run kmcast as root, or with the capability CAP_NET_RAW`,
    error.kind,
  );
}

/** node_pcap where it is installed, else an agent in Python, else tcpdump, as a child process. */
async function watchLocal(place: WatchPlace, wishes: PlaceWishes, tools: PlaceTools): Promise<WatchedPlace> {
  const vantage = localVantage();
  const interfaces = choose(await readLinks(vantage, { kind: 'here' }, tools.signal), wishes, true);
  const { keep } = wishes;
  const way = { enter: { kind: 'here' }, programs: BOTH } as const;
  let missing: string | undefined;
  const isFit = keep === undefined || keep.descriptor !== undefined;
  const joinable = interfaces.every((iface) => !iface.join || canJoin(wishes.joins, iface));
  if (isFit && joinable) {
    try {
      const start = (events: WatchEvents) => watchNative(watchWishes(wishes, interfaces), events, keep?.descriptor);
      announceJoins(place, wishes, interfaces, tools);
      return { place, vantage: 'this machine, by node_pcap', native: true, interfaces, ...(await begin(start, tools)) };
    } catch (error) {
      if (!(error instanceof CannotCapture) || error.kind !== 'no-module') throw error;
      missing = error.message;
      tools.announce(
        `node_pcap is not there (${missing}): capturing by an agent in Python or by tcpdump, which are slower`,
      );
    }
  }
  return watchBy(place, vantage, way, wishes, tools, interfaces).catch((error: unknown) => {
    if (!(error instanceof CannotCapture) || error.kind !== 'no-module') throw error;
    const native = missing === undefined ? '' : 'node_pcap is not installed, and ';
    throw new CannotCapture(`${native}${error.message}: ${MEND}`, error.kind);
  });
}

const MEND = 'install python3 or tcpdump, or node_pcap (npm rebuild pcap in the folder of kmcast, with libpcap-dev)';
