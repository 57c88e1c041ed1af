import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError } from './cluster.ts';
import { lines, read } from './http.ts';
import { fields, parseJson, text } from './json.ts';
import { type Api, type Query, refusalError, stream } from './request.ts';
import { describePath } from './resource.ts';

export interface WatchRequest {
  readonly path: string;
  readonly query: Query;
  /** Milliseconds. */
  readonly deadline: number;
  /** Returns true when it has seen enough. */
  readonly onEvent: (type: string, object: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Between two connections of one watch. */
const PAUSE = 500;
const LONGEST_EVENT = 16 << 20;

/** Where a watch stands. */
interface Place {
  version: string | undefined;
  /** The last connection was refused with 401, and credentials were renewed. */
  renewed: boolean;
}

/**
 * Watches until `onEvent` returns true or the deadline passes. A connection that ends or breaks is made again from where it
 * stood; when the server no longer knows that place (410) the watch begins anew, so that ADDED may come again for what is
 * known. Bookmarks are not passed on. Resolves to whether `onEvent` returned true. Throws ClusterError; `aborted` on `signal`.
 */
export async function watchAll(api: Api, request: WatchRequest): Promise<boolean> {
  const end = Date.now() + request.deadline;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), request.deadline);
  const signal = request.signal === undefined ? late.signal : AbortSignal.any([late.signal, request.signal]);
  const place: Place = { version: request.query.resourceVersion, renewed: false };
  try {
    while (!signal.aborted) {
      if (await connection(api, request, place, end, signal)) return true;
      await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
  if (request.signal?.aborted) throw new ClusterError('aborted', `watching ${describePath(request.path)}: interrupted`);
  return false;
}

async function connection(
  api: Api,
  request: WatchRequest,
  place: Place,
  end: number,
  signal: AbortSignal,
): Promise<boolean> {
  const seconds = String(Math.max(1, Math.ceil((end - Date.now()) / 1000)));
  const { resourceVersion: _, ...rest } = request.query;
  const query = {
    ...rest,
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds: seconds,
    ...(place.version === undefined ? {} : { resourceVersion: place.version }),
  };
  const response = await stream(api, { method: 'GET', path: request.path, query }, signal);
  const status = response.statusCode ?? 0;
  if (status !== 200) {
    const body = (await read(response, 1 << 20)).toString();
    if (status === 401 && !place.renewed) {
      place.renewed = true;
      api.credentials.forget();
      return false;
    }
    if (status !== 410) throw await refusalError(api, { method: 'GET', path: request.path, status, body });
    place.version = undefined;
    return false;
  }
  place.renewed = false;
  try {
    for await (const line of lines(response, LONGEST_EVENT)) if (take(line, request, place)) return true;
    return false;
  } finally {
    response.destroy();
  }
}

/** One event; whether it was enough. A line that is none (cut by a broken connection) is passed over. */
function take(line: string, request: WatchRequest, place: Place): boolean {
  const event = fields(parseJson(line));
  const type = text(event.type);
  if (type === undefined) return false;
  if (type === 'ERROR') {
    place.version = undefined;
    return false;
  }
  place.version = text(fields(fields(event.object).metadata).resourceVersion) ?? place.version;
  return type !== 'BOOKMARK' && request.onEvent(type, event.object);
}
