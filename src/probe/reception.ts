/** What `kmcast receive` heard, as a report. */
import type { HeardSender, TrafficMessage } from '../agent/traffic.ts';
import { formatGroup, type Group } from '../model/group.ts';
import { type Told, toldOf } from './findings.ts';
import { exceeds, type LossLimit } from './limits.ts';
import { joinErrorText } from './say-error.ts';

/** `kmcast receive -o json`. */
export interface Reception {
  readonly schemaVersion: 'kmcast/v1';
  readonly kind: 'Reception';
  readonly kmcastVersion: string;
  /** Whether every group brought enough, with no more loss than allowed. */
  readonly ok: boolean;
  readonly groups: readonly ReceivedGroup[];
}

export interface ReceivedGroup {
  readonly group: string;
  /** Where it was joined, as far as that is known. */
  readonly interface?: string;
  readonly received: number;
  /** Datagrams that this host dropped itself since the receive buffer (bytes) was full; absent where that is not told. */
  readonly bufferOverflow?: number;
  readonly buffer: number;
  readonly senders: readonly Heard[];
  /** Why it could not be received. */
  readonly error?: string;
}

export interface Heard {
  /** `10.0.0.5:4000`. */
  readonly from: string;
  /** A sender of kmcast's, which numbers its datagrams; of others, loss is not known. */
  readonly kmcast: boolean;
  readonly received: number;
  readonly bytes: number;
  readonly lost?: number;
  readonly duplicates?: number;
  readonly reordered?: number;
  /** As they came, where the runtime tells. */
  readonly ttl: Told<number>;
  /** Datagrams a second, where two or more came. */
  readonly rate?: number;
  /** RFC 3339. */
  readonly first: string;
  readonly last: string;
}

export interface ReceptionWishes {
  readonly version: string;
  readonly groups: readonly Group[];
  /** Datagrams that each group must bring. */
  readonly atLeast: number;
  readonly maxLoss?: LossLimit;
}

type Message<T extends TrafficMessage['type']> = Extract<TrafficMessage, { type: T }>;

/** The sockets are named by their index in `groups`. */
export function reception(
  wishes: ReceptionWishes,
  opened: readonly Message<'receiving'>[],
  counts: Message<'counts'> | undefined,
): Reception {
  const groups = wishes.groups.map((group, index): ReceivedGroup => {
    const socket = opened.find((one) => one.socket === String(index));
    const counted = counts?.sockets.find(({ id }) => id === String(index));
    const senders = (counted?.senders ?? []).map(describe);
    const overflow = counted?.dropped == null ? undefined : Math.max(0, counted.dropped - (counts?.badChecksums ?? 0));
    const error = socket?.error === undefined ? undefined : joinErrorText(group.address, socket);
    return {
      group: formatGroup(group),
      ...(socket?.interface === undefined ? {} : { interface: socket.interface }),
      received: senders.reduce((sum, { received }) => sum + received, 0),
      ...(overflow === undefined ? {} : { bufferOverflow: overflow }),
      buffer: socket?.buffer ?? 0,
      senders,
      ...(error === undefined ? {} : { error }),
    };
  });
  const ok = groups.every((group) => isEnough(group, wishes));
  return { schemaVersion: 'kmcast/v1', kind: 'Reception', kmcastVersion: wishes.version, ok, groups };
}

function describe(heard: HeardSender): Heard {
  const { source, port, received, bytes, began, ended, missing, duplicates, reordered, ways } = heard;
  const seconds = (ended - began) / 1e6;
  return {
    from: source === 'unknown' ? source : source.includes(':') ? `[${source}]:${port}` : `${source}:${port}`,
    kmcast: heard.run !== undefined,
    received,
    bytes,
    ...(missing === undefined ? {} : { lost: missing, duplicates: duplicates ?? 0, reordered: reordered ?? 0 }),
    ttl: toldOf(
      received,
      ways.flatMap(({ ttl }) => ttl ?? []),
    ),
    ...(received > 1 && seconds > 0 ? { rate: Math.round(((received - 1) / seconds) * 10) / 10 } : {}),
    first: new Date(began / 1000).toISOString(),
    last: new Date(ended / 1000).toISOString(),
  };
}

function isEnough({ received, senders }: ReceivedGroup, { atLeast, maxLoss }: ReceptionWishes): boolean {
  if (received < Math.max(1, atLeast)) return false;
  return senders.every(
    ({ lost }) => lost === undefined || maxLoss === undefined || !exceeds(maxLoss, lost, received + lost),
  );
}
