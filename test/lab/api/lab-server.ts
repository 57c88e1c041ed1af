import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type ApiServer, startApiServer } from '../../../src/lab/api/server.ts';
import type { KubeObject } from '../../../src/lab/object.ts';
import { createStore } from '../../../src/lab/store/memory-store.ts';
import type { Store } from '../../../src/lab/store.ts';
import { FakeRuntime } from './fake-runtime.ts';

export interface Reply {
  readonly code: number;
  readonly text: string;
  /** The body as JSON; undefined for text. */
  readonly body: KubeObject | undefined;
}

/** An API server on loopback with a fake kubelet, and a plain client of its own. */
export interface LabServer extends ApiServer {
  readonly store: Store;
  readonly runtime: FakeRuntime;
  readonly folder: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** With neither certificate nor anything else but these headers. */
  anonymous(method: string, path: string, headers?: Record<string, string>): Promise<Reply>;
  stop(): Promise<void>;
}

export async function startLabServer(): Promise<LabServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kmcast-lab-api-'));
  const store = createStore();
  const runtime = new FakeRuntime();
  const server = await startApiServer({ store, runtime, folder });
  const { users } = parse(await readFile(server.kubeconfig, 'utf8'));
  const decoded = (name: string) => Buffer.from(users[0].user[name], 'base64').toString();
  const tls = { cert: decoded('client-certificate-data'), key: decoded('client-key-data') };
  const ask = (options: object, method: string, path: string, body: unknown, headers: Record<string, string>) =>
    new Promise<Reply>((resolve, reject) => {
      const sent = request(
        `${server.url}${path}`,
        { method, ca: server.authority, headers, ...options },
        (response) => {
          let text = '';
          response.on('data', (chunk) => (text += chunk));
          response.on('end', () => resolve({ code: response.statusCode ?? 0, text, body: json(text) }));
        },
      );
      sent.on('error', reject);
      if (body === undefined) sent.end();
      else {
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        sent.setHeader('content-length', Buffer.byteLength(text));
        sent.end(text);
      }
    });
  return {
    ...server,
    store,
    runtime,
    folder,
    call: (method, path, body, headers = {}) =>
      ask(tls, method, path, body, { 'content-type': 'application/json', ...headers }),
    anonymous: (method, path, headers = {}) => ask({}, method, path, undefined, headers),
    stop: async () => {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

function json(text: string): KubeObject | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
