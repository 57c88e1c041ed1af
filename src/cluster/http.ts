import { type IncomingHttpHeaders, type IncomingMessage, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Authentication } from './credentials.ts';

/** One HTTP request to the API server. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** No answer that kmcast asks for is near this; more would be a fault on the way. */
const MAX_BODY = 256 << 20;

/** Sends and reads the whole answer. Rejects with Node's error, or `signal`'s. */
export async function send(request: HttpRequest, by: Authentication, signal: AbortSignal): Promise<HttpAnswer> {
  const response = await open({ ...request, headers: { 'Accept-Encoding': 'gzip', ...request.headers } }, by, signal);
  const bytes = await read(response, MAX_BODY);
  const body =
    response.headers['content-encoding'] === 'gzip'
      ? await promisify(gunzip)(bytes, { maxOutputLength: MAX_BODY })
      : bytes;
  return { status: response.statusCode ?? 0, headers: response.headers, body: body.toString('utf8') };
}

/** Sends and resolves with the answer's head; its body is the caller's to read. */
export async function open(request: HttpRequest, by: Authentication, signal: AbortSignal): Promise<IncomingMessage> {
  // The server may close an idle connection just when it is used again (Node's http documentation, request.reusedSocket).
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(request, by, signal);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      if (attempt === 3) throw error.cause;
    }
  }
}

class StaleConnection extends Error {}

function once(request: HttpRequest, by: Authentication, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const start = request.url.protocol === 'http:' ? plain : secure;
    const headers = { Accept: 'application/json', 'User-Agent': 'kmcast', ...request.headers, ...by.headers };
    const sent = start(request.url, { method: request.method, headers, agent: by.agent, signal });
    sent.once('response', resolve);
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const stale = sent.reusedSocket && error.code === 'ECONNRESET' && request.method !== 'POST' && !signal.aborted;
      reject(stale ? new StaleConnection('stale', { cause: error }) : error);
    });
    sent.end(request.body);
  });
}

/** Reads a stream to its end. Rejects when it is longer than `limit` bytes. */
export async function read(stream: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) throw new Error(`the answer is longer than ${limit >> 20} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The lines of a stream, until it ends or breaks or a line is longer than `limit` bytes. */
export async function* lines(stream: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of stream) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
      if (rest.length > limit) return;
    }
  } catch {
    // Broken: what was whole has been given.
  }
}
