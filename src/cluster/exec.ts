import { WebSocket } from 'ws';
import type { ClusterError, ExecEnd, ExecRequest } from './cluster.ts';
import { ExecSession, PROTOCOLS, type SessionEnd } from './exec-session.ts';
import { reason } from './exec-status.ts';
import { type Api, apiUrl, destination, refusalError } from './request.ts';
import { serverStatus } from './response-error.ts';
import { transportError } from './transport-error.ts';

/** A message is at most 32 KiB from a kubelet; one far above is a fault, and ends the command. */
const LARGEST_MESSAGE = 4 << 20;

/**
 * Runs a command in a container, or attaches to its main process. Never rejects and never hangs: see ExecSession. A server
 * that cannot be reached, refuses, or has no such pod gives `not-started`, with the sentence that a request would give.
 *
 * `exited` does not promise that all output came. When a program exits while much is still under way to a slow sink, the
 * node's side may close and the API server lose what it had not read (Kubernetes 1.34: 2 to 6 MB of 50, in 2 of 20 runs at
 * 6 MB/s). A stream that must be whole says where it ends, or its program waits for stdin to close.
 */
export async function exec(api: Api, request: ExecRequest): Promise<ExecEnd> {
  const end = Date.now() + request.deadline;
  let last = await session(api, request, end);
  if (last.kind === 'refused' && last.status === 401) {
    api.credentials.forget();
    last = await session(api, request, end);
  }
  if (last.kind === 'refused') return { kind: 'not-started', message: await refusalMessage(api, request, last) };
  if (last.kind === 'failed')
    return { kind: 'not-started', message: sentence(transportError(last.error, destination(api, pathOf(request)))) };
  return last;
}

async function session(api: Api, request: ExecRequest, end: number): Promise<SessionEnd> {
  try {
    const { agent, headers } = await api.credentials.get();
    const url = apiUrl(api.server, pathOf(request), queryOf(request));
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url, PROTOCOLS, {
      agent,
      headers: { 'User-Agent': 'kmcast', ...headers },
      handshakeTimeout: api.timeout,
      maxPayload: LARGEST_MESSAGE,
      perMessageDeflate: false,
    });
    return await new ExecSession(socket, request, Math.max(0, end - Date.now())).ended;
  } catch (error) {
    return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function pathOf(request: ExecRequest): string {
  const subresource = request.attach === true ? 'attach' : 'exec';
  return `/api/v1/namespaces/${encodeURIComponent(request.namespace)}/pods/${encodeURIComponent(request.pod)}/${subresource}`;
}

function queryOf(request: ExecRequest): [string, string][] {
  const query: [string, string][] = [
    ['stdout', 'true'],
    ['stderr', 'true'],
  ];
  if (request.stdin !== undefined) query.push(['stdin', 'true']);
  if (request.container !== undefined) query.push(['container', request.container]);
  if (request.attach !== true) query.push(...request.command.map((word): [string, string] => ['command', word]));
  return query;
}

async function refusalMessage(
  api: Api,
  request: ExecRequest,
  refused: { readonly status: number; readonly body: string },
): Promise<string> {
  const error = await refusalError(api, { method: 'GET', path: pathOf(request), ...refused });
  // What the kubelet says of a container is the reason; of a missing right or pod, our own sentence is the better one.
  const said = serverStatus(refused.body).message;
  const known = ['forbidden', 'unauthorized', 'not-found', 'throttled'].includes(error.kind) || said === '';
  return known ? sentence(error) : reason(said);
}

function sentence(error: ClusterError): string {
  return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
}
