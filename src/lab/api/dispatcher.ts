import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { badRequest, notFound } from '../store/errors.ts';
import { authenticate } from './auth/authenticate.ts';
import type { User } from './auth/user.ts';
import type { Context } from './call.ts';
import { passPath, passResource } from './gate.ts';
import { type Answer, send } from './http/answer.ts';
import { methodNotAllowed, noSuchResource, statusOf } from './http/status.ts';
import { PUBLIC_PATHS, servePath } from './path-routes.ts';
import { type ResourcePath, resourcePath } from './request-path.ts';
import { serveResource } from './resource-routes.ts';
import { REVIEWS, review } from './review.ts';
import { ExecServer, type Upgrade } from './subresource/exec.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** From a connection's request to who answers it: authentication, authorization, then the path. */
export class Dispatcher {
  readonly #context: Context;
  readonly #exec: ExecServer;

  constructor(context: Context) {
    this.#context = context;
    this.#exec = new ExecServer(context.runtime);
  }

  /** Never rejects: each failure is an answer. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    try {
      const answer = await this.#answer(request, response);
      if (answer !== undefined) send(response, answer);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else {
        // What is left of a refused body would be taken for the next request.
        if (!request.complete) response.shouldKeepAlive = false;
        send(response, statusOf(error));
      }
    }
    if (!request.complete) request.resume();
  }

  async upgrade(upgrade: Upgrade): Promise<void> {
    const { request, socket } = upgrade;
    socket.on('error', () => undefined);
    try {
      const { path, query } = parse(request);
      const wanted = resourcePath(path);
      const user = authenticate(request, this.#context.tokens);
      const action = wanted?.subresource;
      if (wanted?.plural !== 'pods' || (action !== 'exec' && action !== 'attach'))
        throw badRequest('unable to upgrade');
      passResource(this.#context, request, user, wanted, query);
      const name = wanted.name ?? '';
      const pod = this.#context.store.get('pods', wanted.namespace, name);
      if (pod === undefined) throw notFound('pods', name);
      await this.#exec.serve(upgrade, pod, action, query);
    } catch (error) {
      refuse(socket, statusOf(error));
    }
  }

  close(): void {
    this.#exec.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<Answer | undefined> {
    const { path, query } = parse(request);
    if (PUBLIC_PATHS.has(path) && request.method === 'GET') return servePath(this.#context.index, path, request);
    const user = authenticate(request, this.#context.tokens);
    if (!METHODS.has(request.method ?? '')) throw methodNotAllowed();
    const wanted = resourcePath(path);
    if (wanted !== undefined) return this.#resource(request, response, user, wanted, query);
    passPath(this.#context, request, user, path);
    return servePath(this.#context.index, path, request);
  }

  async #resource(
    request: IncomingMessage,
    response: ServerResponse,
    user: User,
    path: ResourcePath,
    query: URLSearchParams,
  ): Promise<Answer | undefined> {
    const context = this.#context;
    const verb = passResource(context, request, user, path, query);
    const { apiVersion, plural } = path;
    const asked = REVIEWS.find((kind) => kind.apiVersion === apiVersion && kind.plural === plural);
    if (asked !== undefined && verb === 'create') return review(context, request, user, asked);
    const resource = context.index.find(apiVersion, plural);
    if (resource !== undefined) {
      const isScoped = path.namespace !== undefined;
      if (isScoped && !resource.namespaced) throw noSuchResource();
      if (!isScoped && resource.namespaced && (path.name !== undefined || verb === 'create')) throw noSuchResource();
      return serveResource({ context, request, response, query, user, path, resource, verb });
    }
    if (asked !== undefined) throw methodNotAllowed();
    if (context.index.apiVersions().includes(apiVersion)) throw noSuchResource();
    return { code: 404, body: '404 page not found\n', type: 'text/plain; charset=utf-8' };
  }
}

function parse(request: IncomingMessage): { readonly path: string; readonly query: URLSearchParams } {
  try {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://lab');
    decodeURIComponent(pathname);
    return { path: pathname, query: searchParams };
  } catch {
    throw badRequest('the path of the request is malformed');
  }
}

/** An answer to one who waits for an upgrade. */
function refuse(socket: Duplex, { code, body }: { readonly code: number; readonly body: object }): void {
  const text = `${JSON.stringify(body)}\n`;
  socket.end(
    [
      `HTTP/1.1 ${code} ${code === 404 ? 'Not Found' : 'Refused'}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Connection: close',
      '',
      text,
    ].join('\r\n'),
  );
}
