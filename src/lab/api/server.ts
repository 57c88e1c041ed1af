/** The lab's Kubernetes API server. */

import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import type { PodRuntime } from '../pod-runtime.ts';
import { notFound } from '../store/errors.ts';
import type { Store } from '../store.ts';
import { Tokens } from './auth/tokens.ts';
import type { Context } from './call.ts';
import { makeCertificates } from './certificates.ts';
import { ChangeLog } from './change-log.ts';
import { Dispatcher } from './dispatcher.ts';
import { MACHINES_KUBECONFIG, writeKubeconfig } from './kubeconfig.ts';
import { AppliedFiles } from './patch/apply.ts';
import { ResourceIndex } from './resource-index.ts';
import { seed } from './seed.ts';

export interface ApiServerOptions {
  readonly store: Store;
  /** Who carries out exec, attach and logs. */
  readonly runtime: PodRuntime;
  /** Where the kubeconfig goes: `FOLDER/kubeconfig`. */
  readonly folder: string;
  /** The cluster's and context's name in the kubeconfig; `kmcast-lab` unless given. */
  readonly name?: string;
  /** Any free port unless given. */
  readonly port?: number;
  /** Where it is reached by the cluster's machines and pods too: a socket that listens on 10.96.0.1:443. */
  readonly inside?: Server;
}

export interface ApiServer {
  /** https://127.0.0.1:PORT */
  readonly url: string;
  /** The file, readable by its owner only. */
  readonly kubeconfig: string;
  /** The certificate of its authority, PEM: what pods find as ca.crt. */
  readonly authority: string;
  /** A token of a service account, for a pod: throws StatusError 404. `seconds`: how long it is good for. */
  issueToken(namespace: string, account: string, seconds: number, pod?: { name: string; uid: string }): string;
  /** Ends watches, commands and connections. */
  close(): Promise<void>;
}

const NAMES = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];
/** The first of the services' addresses. */
export const SERVICE_ADDRESS = '10.96.0.1';
export const SERVICE_PORT = 443;
const ADDRESSES = ['127.0.0.1', '::1', SERVICE_ADDRESS];
/** For a request's head and body; watches and logs answer as long as they like. */
const REQUEST_TIMEOUT = 60_000;

/** Starts it and writes the kubeconfig. Rejects when the port is taken or the folder cannot be written. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { store, runtime, folder, name = 'kmcast-lab', port = 0 } = options;
  const certificates = await makeCertificates(NAMES, ADDRESSES);
  const { authority, server: own } = certificates;
  const server = createServer({
    key: own.key,
    cert: own.certificate,
    ca: authority,
    requestCert: true,
    // Those without a certificate may have a token.
    rejectUnauthorized: false,
    requestTimeout: REQUEST_TIMEOUT,
    minVersion: 'TLSv1.2',
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${address.port}`;
  const log = new ChangeLog(store);
  const tokens = new Tokens(store);
  const context: Context = {
    store,
    runtime,
    log,
    tokens,
    index: new ResourceIndex(store),
    applied: new AppliedFiles(),
  };
  seed(store, address.port);
  const dispatcher = new Dispatcher(context);
  server.on('request', (request, response) => void dispatcher.serve(request, response));
  server.on('upgrade', (request, socket, head) => void dispatcher.upgrade({ request, socket, head }));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeKubeconfig(kubeconfig, url, certificates, name);
  if (options.inside !== undefined) {
    options.inside.on('connection', (socket) => server.emit('connection', socket));
    await writeKubeconfig(
      join(folder, MACHINES_KUBECONFIG),
      `https://${SERVICE_ADDRESS}:${SERVICE_PORT}`,
      certificates,
      name,
    );
  }
  return {
    url,
    kubeconfig,
    authority,
    issueToken: (namespace, account, seconds, pod) => {
      const found = store.get('serviceaccounts', namespace, account);
      if (found === undefined) throw notFound('serviceaccounts', account);
      return tokens.issue(found, { seconds, ...(pod === undefined ? {} : { pod }) });
    },
    close: async () => {
      log.close();
      dispatcher.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      options.inside?.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
