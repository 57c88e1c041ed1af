/** exec and attach: a command's streams over a WebSocket. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { KubeObject } from '../../object.ts';
import type { ContainerProcess, PodRuntime } from '../../pod-runtime.ts';
import { badRequest } from '../../store/errors.ts';
import { statusOf } from '../http/status.ts';
import { isTrue } from '../request-path.ts';
import { containerOf } from './container.ts';
import { ExecStream, PROTOCOLS } from './exec-stream.ts';

const LARGEST_MESSAGE = 4 << 20;

/** Where the client waits for its connection to be upgraded. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

export class ExecServer {
  readonly #runtime: PodRuntime;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: (offered) => PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  });

  constructor(runtime: PodRuntime) {
    this.#runtime = runtime;
  }

  /**
   * Starts or attaches, and upgrades. Throws StatusError before for what is wrong with the request: no such container, no command.
   * What fails in the container is told over the connection: an answer without an upgrade would make kubectl try SPDY.
   */
  async serve(upgrade: Upgrade, pod: KubeObject, action: 'exec' | 'attach', query: URLSearchParams): Promise<void> {
    const start = this.#prepared(pod, action, query);
    const offered = String(upgrade.request.headers['sec-websocket-protocol'] ?? '');
    if (!PROTOCOLS.some((protocol) => offered.includes(protocol))) {
      throw badRequest('unable to upgrade: the lab speaks WebSocket only (kubectl 1.31 or newer)');
    }
    const started = await start().catch((error: unknown) => ({ failure: statusOf(error).body }));
    let isHere = false;
    this.#server.handleUpgrade(upgrade.request, upgrade.socket, upgrade.head, (socket) => {
      isHere = true;
      if ('failure' in started) ExecStream.refuse(socket, started.failure);
      else new ExecStream(socket, started, isTrue(query.get('stdin')));
    });
    // The client was gone before there was anything to stream.
    if (!isHere && !('failure' in started)) started.release();
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #prepared(pod: KubeObject, action: 'exec' | 'attach', query: URLSearchParams): () => Promise<ContainerProcess> {
    const { metadata, spec, status } = pod;
    const { name, namespace = '' } = metadata;
    const container = containerOf(pod, query.get('container'));
    const tty = isTrue(query.get('tty'));
    const stdin = isTrue(query.get('stdin'));
    if (!stdin && !isTrue(query.get('stdout')) && !isTrue(query.get('stderr'))) {
      throw badRequest('you must specify at least one of stdin, stdout, stderr');
    }
    if (!spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
    if (status?.phase === 'Succeeded' || status?.phase === 'Failed') {
      throw badRequest(`cannot exec into a container in a completed pod; current phase is ${status.phase}`);
    }
    const request = { namespace, pod: name, container, stdin, tty };
    if (action === 'attach') return () => this.#runtime.attach(request);
    const command = query.getAll('command');
    if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
    return () => this.#runtime.exec({ ...request, command });
  }
}
