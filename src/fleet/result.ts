/**
 * What one agent of a fleet says at its end: its container's termination message, at most 4096 bytes (Kubernetes, "Customizing the
 * termination message"). How much came of each sender is one character, so that the size is bounded whatever is lost; exact
 * counts follow for as many of those that lost something as there is room for, the worst first.
 */
import { fields, items, text } from '../cluster/json.ts';
import type { FleetJob } from './fleet-job.ts';

/** Senders in one probe: their characters, and some exact counts, fit into a message. */
export const MOST_SENDERS = 3000;

/** What one receiver heard of one sender. Numbers of datagrams begin with 0. */
export interface HeardOf {
  /** Different datagrams that came. */
  readonly unique: number;
  /** False where only the share is known, to a sixtieth. */
  readonly exact: boolean;
  /** The first that came, and how many from it on; where that is known. */
  readonly first?: number;
  readonly after?: number;
  readonly duplicates: number;
  readonly reordered: number;
}

export interface FleetResult {
  readonly end: number;
  /** When it stopped counting, and sent its last datagram: milliseconds since 1970 by its own clock. */
  readonly ended: number;
  readonly sent?: {
    readonly source?: string;
    readonly interface?: string;
    readonly tried: number;
    readonly sent: number;
    readonly last: number;
    readonly errors: readonly { readonly code: string; readonly packets: number; readonly error: string }[];
  };
  readonly received?: {
    readonly interface?: string;
    readonly buffer: number;
    /** Dropped by the receiver's own full buffer; null where that cannot be read. */
    readonly dropped: number | null;
    readonly leaked: number;
    readonly foreign: number;
    /** In the order of the job's senders. */
    readonly heard: readonly HeardOf[];
  };
  /** Why the group could not be joined. */
  readonly joinError?: { readonly code?: string; readonly error: string };
}

const LEVELS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ALL = 63;
const ALL_ODD = 62;
const PARTS = 61;

/** @returns what is wrong, where it is not the result of an agent with this job. */
export function parseResult(message: string, job: Pick<FleetJob, 'ends' | 'senders' | 'count'>): FleetResult | string {
  let said: Readonly<Record<string, unknown>>;
  try {
    said = fields(JSON.parse(message));
  } catch {
    return message === '' ? 'the agent left no message' : 'the agent left a message that is none of its own';
  }
  const failure = text(said.error);
  if (failure !== undefined) return `the agent failed: ${failure}`;
  const end = whole(said.e);
  if (said.v !== 1 || end === undefined || end >= job.ends.length)
    return 'the agent left a message that is none of its own';
  const received = receivedOf(fields(said.r), job);
  if (typeof received === 'string') return received;
  const [code, error] = items(said.j);
  return {
    end,
    ended: whole(said.z) ?? 0,
    ...(said.s === undefined ? {} : { sent: sentOf(fields(said.s)) }),
    ...(said.r === undefined || received === undefined ? {} : { received }),
    ...(said.j === undefined
      ? {}
      : { joinError: { ...(text(code) === undefined ? {} : { code: text(code)! }), error: text(error) ?? '' } }),
  };
}

function sentOf(said: Readonly<Record<string, unknown>>): NonNullable<FleetResult['sent']> {
  const errors = items(said.x).map((row) => {
    const [code, packets, error] = items(row);
    return { code: text(code) ?? '', packets: whole(packets) ?? 0, error: text(error) ?? '' };
  });
  return {
    ...optional('source', text(said.a)),
    ...optional('interface', text(said.i)),
    tried: whole(said.t) ?? 0,
    sent: whole(said.n) ?? 0,
    last: whole(said.l) ?? 0,
    errors,
  };
}

function receivedOf(
  said: Readonly<Record<string, unknown>>,
  job: Pick<FleetJob, 'senders' | 'count'>,
): FleetResult['received'] | string {
  const levels = text(said.c);
  if (levels === undefined) return undefined;
  if (levels.length !== job.senders.length) return 'the agent left a message that is none of its own';
  const heard = [...levels].map((character) => heardAt(LEVELS.indexOf(character), job.count));
  for (const row of items(said.x)) {
    const [position, unique, first, after, duplicates, reordered] = items(row).map(whole);
    if (position === undefined || unique === undefined || heard[position] === undefined) continue;
    heard[position] = {
      unique,
      exact: true,
      ...optional('first', first),
      ...optional('after', after),
      duplicates: duplicates ?? 0,
      reordered: reordered ?? 0,
    };
  }
  return {
    ...optional('interface', text(said.i)),
    buffer: whole(said.b) ?? 0,
    dropped: whole(said.d) ?? null,
    leaked: whole(said.l) ?? 0,
    foreign: whole(said.f) ?? 0,
    heard,
  };
}

/** 0: none; 63: all; 62: all, and some twice or late; between: the share. */
function heardAt(level: number, count: number): HeardOf {
  const none = { duplicates: 0, reordered: 0 };
  if (level <= 0) return { unique: 0, exact: true, ...none };
  if (level === ALL || level === ALL_ODD) return { unique: count, exact: true, first: 0, after: count, ...none };
  const middle = 1 + Math.round(((level - 0.5) * (count - 1)) / PARTS);
  return { unique: Math.max(1, Math.min(count - 1, middle)), exact: false, ...none };
}

function whole(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, V>);
}
