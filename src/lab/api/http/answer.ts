import type { ServerResponse } from 'node:http';

export interface Answer {
  readonly code: number;
  readonly body: unknown;
  /** JSON unless given; text or bytes then. */
  readonly type?: string;
}

export function ok(body: unknown): Answer {
  return { code: 200, body };
}

export function created(body: unknown): Answer {
  return { code: 201, body };
}

export function send(response: ServerResponse, { code, body, type = 'application/json' }: Answer): void {
  const text = typeof body === 'string' || body instanceof Buffer ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(code, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-cache, private',
  });
  response.end(text);
}
