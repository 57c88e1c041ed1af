import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import { clean } from './clean.ts';
import type { ExecEnd, ExecRequest } from './cluster.ts';
import { execEnd } from './exec-status.ts';
import { read } from './http.ts';
import { parseJson } from './json.ts';

/** How a conversation ended; `refused` when there was none: the server answered the upgrade with an error, or could not be reached. */
export type SessionEnd =
  | ExecEnd
  | { readonly kind: 'refused'; readonly status: number; readonly body: string }
  | { readonly kind: 'failed'; readonly error: Error };

/** Sub-protocols, best first: v5 adds the close signal (Kubernetes KEP-4006), v4 the status with an exit code. */
export const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** First byte of each message (Kubernetes remotecommand). */
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;

/** Idle connections are cut by load balancers, most after 60 s. */
const PING_EVERY = 30_000;
const STDIN_PIECE = 16 << 10;
const HEARD = 2_000;
/** A server that is asked to close is given this long. */
const PARTING = 300;

/**
 * One command over one WebSocket, from the connection's beginning on. `ended` always resolves: on the status, or when the
 * connection closes or breaks, the signal fires or the deadline passes, whichever is first. It waits for `onStdout` to have
 * taken everything, unless aborted or late. While `onStdout` is busy nothing is read from the network.
 */
export class ExecSession {
  readonly ended: Promise<SessionEnd>;
  readonly #socket: WebSocket;
  readonly #request: ExecRequest;
  readonly #settle: (end: SessionEnd) => void;
  readonly #deadline: NodeJS.Timeout;
  readonly #ping: NodeJS.Timeout;
  #sink: Promise<void> = Promise.resolve();
  #waiting = 0;
  #answered = true;
  #heard = '';
  #settled = false;

  constructor(socket: WebSocket, request: ExecRequest, milliseconds: number) {
    this.#socket = socket;
    this.#request = request;
    const { promise, resolve } = deferred<SessionEnd>();
    this.ended = promise;
    this.#settle = resolve;
    this.#deadline = setTimeout(() => this.#cut(`not ended after ${request.deadline / 1000} s, cut off`), milliseconds);
    this.#ping = setInterval(() => this.#checkAlive(), PING_EVERY);
    request.signal?.addEventListener('abort', this.#abort);
    socket.on('open', () => this.#sendStdin());
    socket.on('message', (data: RawData) => this.#take(asBuffer(data)));
    socket.on('pong', () => (this.#answered = true));
    socket.on('unexpected-response', (_, response) => void this.#refused(response));
    socket.on('error', (error) => this.#failed(error));
    socket.on('close', (code, reason) =>
      this.#finish({ kind: 'interrupted', message: closeMessage(code, reason.toString()) }),
    );
    if (request.signal?.aborted) this.#abort();
  }

  readonly #abort = (): void => this.#cut('interrupted');

  #sendStdin(): void {
    const { stdin, onStdin } = this.#request;
    if (stdin === undefined) return;
    this.#give(stdin);
    onStdin?.((data) => this.#give(data));
  }

  #give(data: Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    for (let at = 0; at < data.length; at += STDIN_PIECE) {
      this.#socket.send(Buffer.concat([Buffer.of(STDIN), data.subarray(at, at + STDIN_PIECE)]));
    }
  }

  #take(message: Buffer): void {
    const channel = message[0];
    const data = message.subarray(1);
    if (this.#settled || data.length === 0) return;
    if (channel === STDOUT) this.#write(data);
    else if (channel === STDERR) this.#complain(data);
    else if (channel === STATUS) this.#finish(execEnd(parseJson(data.toString()), this.#heard));
    // Anything else is of a protocol to come.
  }

  #write(data: Buffer): void {
    this.#hear(data);
    if (this.#waiting > 0) {
      this.#later(() => this.#request.onStdout(data));
      return;
    }
    try {
      const busy = this.#request.onStdout(data);
      if (busy !== undefined) this.#later(() => busy);
    } catch (error) {
      this.#sinkFailed(error);
    }
  }

  /** Back-pressure: the socket rests until the sink is done. What was already read from it (some 64 KiB) waits its turn. */
  #later(write: () => void | Promise<void>): void {
    if (this.#waiting++ === 0) this.#socket.pause();
    this.#sink = this.#sink
      .then(write)
      .catch((error) => this.#sinkFailed(error))
      .finally(() => {
        if (--this.#waiting === 0) this.#socket.resume();
      });
  }

  #complain(data: Buffer): void {
    this.#hear(data);
    try {
      this.#request.onStderr?.(data);
    } catch (error) {
      this.#sinkFailed(error);
    }
  }

  #hear(data: Buffer): void {
    if (this.#heard.length < HEARD) this.#heard += data.subarray(0, HEARD).toString();
  }

  #sinkFailed(error: unknown): void {
    this.#cut(`its output could not be passed on: ${clean(error instanceof Error ? error.message : String(error))}`);
  }

  #checkAlive(): void {
    // A pong is not seen while the sink makes the socket rest.
    if (this.#waiting > 0 || this.#socket.readyState !== this.#socket.OPEN) return;
    if (!this.#answered) {
      this.#cut(`the connection is dead: no answer to a ping for ${PING_EVERY / 1000} s`);
      return;
    }
    this.#answered = false;
    this.#socket.ping();
  }

  async #refused(response: IncomingMessage): Promise<void> {
    const body = await read(response, 1 << 20).catch(() => Buffer.alloc(0));
    this.#end({ kind: 'refused', status: response.statusCode ?? 0, body: body.toString() });
  }

  #failed(error: Error): void {
    const opened = this.#socket.protocol !== '';
    this.#finish(
      opened
        ? { kind: 'interrupted', message: `the connection broke: ${clean(error.message)}` }
        : { kind: 'failed', error },
    );
  }

  /** Ends when the sink has taken what came before. */
  #finish(end: SessionEnd): void {
    void this.#sink.then(() => this.#end(end));
  }

  /** Ends now. */
  #cut(message: string): void {
    this.#end({ kind: 'interrupted', message });
  }

  #end(end: SessionEnd): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#deadline);
    clearInterval(this.#ping);
    this.#request.signal?.removeEventListener('abort', this.#abort);
    this.#settle(end);
    this.#part();
  }

  #part(): void {
    const socket = this.#socket;
    socket.resume();
    if (socket.readyState === socket.OPEN) socket.close(1000);
    else socket.terminate();
    setTimeout(() => socket.terminate(), PARTING).unref();
  }
}

function asBuffer(data: RawData): Buffer {
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
}

function closeMessage(code: number, reason: string): string {
  const why = reason === '' ? '' : `: ${clean(reason, 200)}`;
  const how = code === 1006 ? 'the connection broke' : `the connection was closed (${code})`;
  return `${how} before the command's end was reported${why}`;
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
