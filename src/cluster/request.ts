import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError } from './cluster.ts';
import type { Credentials } from './credentials.ts';
import { type HttpAnswer, type HttpRequest, open, send } from './http.ts';
import { fields, items, parseJson, text } from './json.ts';
import { explainMissing } from './missing.ts';
import { describePath, resourceOf } from './resource.ts';
import { type Refusal, responseError } from './response-error.ts';
import { type Destination, timeoutError, transportError } from './transport-error.ts';

export type Query = Readonly<Record<string, string>>;

/** One request by API path. */
export interface ApiRequest {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** Milliseconds until the whole answer must be there. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** The server of one context, and who asks it. */
export interface Api {
  readonly context: string;
  readonly server: string;
  readonly credentials: Credentials;
  /** Milliseconds, unless a request says otherwise. */
  readonly timeout: number;
}

/** Waits that a server's Retry-After may ask for: at most this many, each at most this long (ms). */
const RETRIES = 3;
const LONGEST_WAIT = 5_000;

/** Names and nothing else (Kubernetes API concepts, "Metadata-only fetches"), and not for long: they only adorn an error. */
const NAMES_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
const NAMES_TIMEOUT = 3_000;

/** One request; the answer's JSON. Throws ClusterError. */
export async function request(api: Api, asked: ApiRequest): Promise<unknown> {
  return parse(api, asked, await checked(api, asked));
}

/** One request; its answer if that is a success or one of the statuses in `expected`. Throws ClusterError. */
export async function checked(api: Api, asked: ApiRequest, expected: readonly number[] = []): Promise<HttpAnswer> {
  const answer = await answered(api, asked);
  if (answer.status < 300 || expected.includes(answer.status)) return answer;
  throw await refusalError(api, { method: asked.method, path: asked.path, status: answer.status, body: answer.body });
}

/** The ClusterError for an error answer; looks for near names when the object is missing. */
export async function refusalError(api: Api, refusal: Refusal): Promise<ClusterError> {
  const near =
    refusal.status === 404 && refusal.method !== 'DELETE'
      ? await explainMissing(refusal.path, (collection) => namesIn(api, collection))
      : '';
  return responseError(refusal, { near, because: api.credentials.expiry() });
}

async function namesIn(api: Api, collection: string): Promise<string[]> {
  // A refusal here looks up nothing more: a collection has no name.
  const answer = await checked(api, {
    method: 'GET',
    path: collection,
    query: { limit: '500' },
    accept: NAMES_ONLY,
    timeout: NAMES_TIMEOUT,
  });
  return items(fields(parseJson(answer.body)).items).flatMap((item) => text(fields(fields(item).metadata).name) ?? []);
}

/** Sends, and waits for the head of an answer to be read as a stream (watch). `timeout` bounds the wait for the head only. */
export async function stream(api: Api, asked: ApiRequest, signal: AbortSignal) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), asked.timeout ?? api.timeout);
  try {
    return await open(
      await httpRequest(api, asked),
      await api.credentials.get(),
      AbortSignal.any([signal, late.signal]),
    );
  } catch (error) {
    throw failure(api, asked, error, late.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Answers of any status, after the retries that HTTP and Kubernetes provide for: 401 once with new credentials, Retry-After. */
async function answered(api: Api, asked: ApiRequest): Promise<HttpAnswer> {
  let renewed = false;
  for (let waits = 0; ; ) {
    const answer = await attempt(api, asked);
    if (answer.status === 401 && !renewed) {
      renewed = true;
      api.credentials.forget();
      continue;
    }
    const pause = retryAfter(answer);
    if (pause === undefined || waits++ === RETRIES) return answer;
    await sleep(pause, undefined, asked.signal === undefined ? {} : { signal: asked.signal }).catch((error) => {
      throw failure(api, asked, error);
    });
  }
}

async function attempt(api: Api, asked: ApiRequest): Promise<HttpAnswer> {
  const by = await api.credentials.get();
  const late = AbortSignal.timeout(asked.timeout ?? api.timeout);
  const signal = asked.signal === undefined ? late : AbortSignal.any([late, asked.signal]);
  try {
    return await send(await httpRequest(api, asked), by, signal);
  } catch (error) {
    throw failure(api, asked, error, late);
  }
}

async function httpRequest(api: Api, asked: ApiRequest): Promise<HttpRequest> {
  const url = apiUrl(api.server, asked.path, Object.entries(asked.query ?? {}));
  const headers: Record<string, string> = {};
  if (asked.accept !== undefined) headers.Accept = asked.accept;
  if (asked.body === undefined) return { method: asked.method, url, headers };
  const body = JSON.stringify(asked.body);
  headers['Content-Type'] = asked.contentType ?? 'application/json';
  headers['Content-Length'] = String(Buffer.byteLength(body));
  return { method: asked.method, url, headers, body };
}

/** The server's URL (which may have a path, as behind Rancher) with an API path and a query. */
export function apiUrl(server: string, path: string, query: Iterable<readonly [string, string]>): URL {
  const url = new URL(server.replace(/\/+$/, '') + path);
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url;
}

/** For messages. */
export function destination(api: Api, path: string): Destination {
  return { server: api.server, proxy: api.credentials.proxy, context: api.context, what: describePath(path) };
}

function failure(api: Api, asked: ApiRequest, error: unknown, late?: AbortSignal): ClusterError {
  if (asked.signal?.aborted) return new ClusterError('aborted', `${describePath(asked.path)}: interrupted`);
  const to = destination(api, asked.path);
  return late?.aborted ? timeoutError(asked.timeout ?? api.timeout, to) : transportError(error, to);
}

function retryAfter(answer: HttpAnswer): number | undefined {
  const seconds = Number(answer.headers['retry-after'] ?? (answer.status === 429 ? '1' : Number.NaN));
  const asks = answer.status === 429 || answer.status >= 500;
  return asks && seconds >= 0 ? Math.min(seconds * 1000, LONGEST_WAIT) : undefined;
}

function parse(api: Api, asked: ApiRequest, answer: HttpAnswer): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    const kind = resourceOf(asked.path)?.resource ?? asked.path;
    throw new ClusterError(
      'other',
      `${api.server} did not answer with JSON when asked for ${kind}`,
      'is it a Kubernetes API server, and not a login page or proxy in front of it?',
    );
  }
}
