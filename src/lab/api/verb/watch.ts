import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../../object.ts';
import { StatusError } from '../../store.ts';
import type { Call } from '../call.ts';
import type { Entry } from '../change-log.ts';
import { filterOf } from '../filter.ts';
import { wanted } from '../http/accept.ts';
import { statusOf } from '../http/status.ts';
import { resourceVersion, wholeNumber } from '../number.ts';
import * as present from '../present.ts';
import { isTrue } from '../request-path.ts';

const BOOKMARK_EVERY = 60_000;
/** A real one ends after 30 to 60 minutes. */
const LONGEST = 45 * 60;
/** A client that does not read is cut off, as the API server does. */
const UNREAD = 16 << 20;

/** GET with `watch`: changes as they come, one JSON document a line, until the client goes or the time is over. */
export function watch(call: Call): undefined {
  const { context, query, response } = call;
  const matches = filterOf(call);
  const from = resourceVersion(query);
  const seconds = wholeNumber(query, 'timeoutSeconds') ?? LONGEST;
  wanted(call.request.headers.accept);
  const stream = new WatchStream(call, matches);
  const wantsInitial = query.get('sendInitialEvents');
  const initial = wantsInitial === null ? !from : isTrue(wantsInitial);
  const missed = initial || from === undefined ? [] : context.log.since(from);
  if (missed === undefined) {
    stream.fail(new StatusError(410, 'Expired', `too old resource version: ${from} (${context.log.oldest})`));
    return;
  }
  if (initial) stream.sendExisting();
  if (wantsInitial !== null && initial) stream.bookmark({ 'k8s.io/initial-events-end': 'true' });
  for (const entry of missed) stream.take(entry);
  const end = context.log.listen((entry) => stream.take(entry));
  const timeout = setTimeout(() => response.end(), Math.max(1, seconds) * 1000);
  const bookmarks = setInterval(() => stream.bookmark(), BOOKMARK_EVERY);
  response.once('close', () => {
    end();
    clearTimeout(timeout);
    clearInterval(bookmarks);
  });
}

class WatchStream {
  readonly #call: Call;
  readonly #matches: (object: KubeObject) => boolean;
  readonly #response: ServerResponse;

  constructor(call: Call, matches: (object: KubeObject) => boolean) {
    this.#call = call;
    this.#matches = matches;
    this.#response = call.response;
    this.#response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
    this.#response.flushHeaders();
  }

  sendExisting(): void {
    const { context, resource, path } = this.#call;
    for (const object of context.store.list(resource.storage, path.namespace).filter(this.#matches)) {
      this.#send('ADDED', object);
    }
  }

  /** With a selector, an object that begins to meet it is added, and one that no longer does is deleted. */
  take({ type, resource, object, previous }: Entry): void {
    if (resource !== this.#call.resource.storage) return;
    const was = previous !== undefined && this.#matches(previous);
    const is = type !== 'DELETED' && this.#matches(object);
    if (was && is) this.#send('MODIFIED', object);
    else if (is) this.#send('ADDED', object);
    else if (was) this.#send('DELETED', type === 'DELETED' ? object : leaving(previous, object));
  }

  bookmark(annotations?: Readonly<Record<string, string>>): void {
    const { context, query, resource } = this.#call;
    if (!isTrue(query.get('allowWatchBookmarks'))) return;
    const { kind } = resource;
    const metadata = { resourceVersion: context.store.version, creationTimestamp: null };
    const object = { kind, apiVersion: this.#call.path.apiVersion, metadata: { ...metadata, annotations } };
    this.#write({ type: 'BOOKMARK', object });
  }

  fail(error: StatusError): void {
    this.#write({ type: 'ERROR', object: statusOf(error).body });
    this.#response.end();
  }

  #send(type: string, object: KubeObject): void {
    this.#write({ type, object: present.objectBody(this.#call, object) });
  }

  #write(event: object): void {
    if (this.#response.writableEnded) return;
    this.#response.write(`${JSON.stringify(event)}\n`);
    if (this.#response.writableLength > UNREAD) this.#response.destroy();
  }
}

/** As it was when it last met the selector, with the version at which it no longer did. */
function leaving(previous: KubeObject, { metadata }: KubeObject): KubeObject {
  return { ...previous, metadata: { ...previous.metadata, resourceVersion: metadata.resourceVersion } };
}
