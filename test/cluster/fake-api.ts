import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, createServer as plainServer, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { type ConnectOptions, connect } from '../../src/cluster/connect.ts';

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a test's server answers: a status and JSON (or text), or nothing when it takes the response itself. */
export type Handler = (
  asked: Asked,
  response: ServerResponse,
) => { status?: number; body?: unknown; headers?: Record<string, string> } | undefined;

export interface FakeApi {
  readonly directory: string;
  readonly port: number;
  readonly asked: Asked[];
  /** Connections accepted. */
  readonly connections: () => number;
  /** Raw connections, to be dropped by tests. */
  readonly sockets: Set<Socket>;
  /** Writes a kubeconfig for `user` and connects with it. */
  readonly cluster: (
    options?: ConnectOptions & { readonly user?: unknown; readonly server?: unknown },
  ) => Promise<Cluster>;
  readonly close: () => Promise<void>;
}

/** An API server and kubelet in this process: HTTPS with a certificate of its own, and WebSockets for exec. */
export async function fakeApi(
  handler: Handler,
  onExec?: (socket: WebSocket, url: URL) => void,
  protocols = ['v5.channel.k8s.io'],
): Promise<FakeApi> {
  const directory = mkdtempSync(join(tmpdir(), 'kmcast-fake-api-'));
  const certificate = selfSigned(directory, 'server', 30);
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ ...certificate, keepAliveTimeout: 60_000 }, async (request, response) => {
    const one = {
      method: request.method ?? '',
      url: new URL(request.url ?? '/', 'https://fake'),
      headers: request.headers,
      body: await text(request),
    };
    asked.push(one);
    const answer = handler(one, response);
    if (answer === undefined) return;
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers }).end(body);
  });
  const webSockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((one) => offered.has(one)) ?? false,
  });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'https://fake');
    const answer =
      onExec === undefined
        ? handler({ method: 'GET', url, headers: request.headers, body: '' }, undefined as never)
        : undefined;
    if (answer === undefined) return webSockets.handleUpgrade(request, socket, head, (opened) => onExec?.(opened, url));
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
    socket.end(`HTTP/1.1 ${answer.status} No\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  let files = 0;
  return {
    directory,
    port,
    asked,
    sockets,
    connections: () => connections,
    cluster: ({ user = { token: 'secret' }, server: more = {}, ...options } = {}) => {
      const file = join(directory, `config-${files++}`);
      const entry = { server: `https://127.0.0.1:${port}`, 'certificate-authority': 'server.crt', ...(more as object) };
      writeFileSync(file, JSON.stringify(kubeconfig(entry, user)));
      return connect({ kubeconfig: file, environment: { PATH: process.env.PATH }, ...options });
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
      rmSync(directory, { recursive: true });
    },
  };
}

export function kubeconfig(cluster: unknown, user: unknown) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fake',
    clusters: [{ name: 'fake', cluster }],
    users: [{ name: 'bob', user }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'bob', namespace: 'video' } }],
  };
}

/** A key and a certificate for 127.0.0.1 and api.example in `directory`. */
export function selfSigned(directory: string, name: string, days: number): { key: string; cert: string } {
  const [key, cert] = [join(directory, `${name}.key`), join(directory, `${name}.crt`)];
  const names = 'subjectAltName=IP:127.0.0.1,DNS:api.example';
  const what = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    `/CN=${name}`,
    '-addext',
    names,
  ];
  execFileSync('openssl', [...what, '-days', String(days), '-keyout', key, '-out', cert], { stdio: 'pipe' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

/** A proxy that answers CONNECT by connecting to `port`, whatever host is named, or with `refusal`. */
export async function fakeProxy(
  port: number,
  refusal?: number,
): Promise<{ url: string; asked: string[]; close: () => void }> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = plainServer();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    if (refusal !== undefined) return socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
    const onward = dial(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    return undefined;
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close };
}

/** A meta/v1 Status. */
export function status(code: number, reason: string, message: string, details: unknown = {}) {
  return {
    status: code,
    body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, details },
  };
}

async function text(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
