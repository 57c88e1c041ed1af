import type { WebSocket } from 'ws';
import type { ExecEnd, ExecRequest } from '../../src/cluster/cluster.ts';
import { type FakeApi, fakeApi } from './fake-api.ts';

let api: FakeApi | undefined;

/** Ends what the last `run` or `serve` began. */
export async function closeKubelet(): Promise<void> {
  await api?.close();
  api = undefined;
}

/** An API server whose answer to everything is `answer`. */
export async function serve(...of: Parameters<typeof fakeApi>): Promise<FakeApi> {
  api = await fakeApi(...of);
  return api;
}

/** A message on a channel of the remotecommand protocol: 1 stdout, 2 stderr, 3 status. */
export const on = (channel: number, data: string | Uint8Array) =>
  Buffer.concat([Buffer.of(channel), Buffer.from(data)]);
export const say = (socket: WebSocket, channel: number, data: unknown) =>
  socket.send(on(channel, typeof data === 'string' ? data : JSON.stringify(data)));
export const SUCCESS = { metadata: {}, status: 'Success' };
export const exitCode = (code: number) => ({
  status: 'Failure',
  reason: 'NonZeroExitCode',
  message: `exit code ${code}`,
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
});
export const internal = (message: string) => ({ status: 'Failure', reason: 'InternalError', message, code: 500 });

interface Heard {
  readonly end: ExecEnd;
  readonly out: string;
  readonly err: string;
  readonly milliseconds: number;
}

/** Runs one exec against a kubelet that does `kubelet` once the socket is open. */
export async function run(
  kubelet: (socket: WebSocket, url: URL) => void,
  more: Partial<ExecRequest> = {},
  protocols?: string[],
): Promise<Heard> {
  return execOn(await serve(() => ({}), kubelet, protocols), more);
}

export async function execOn(api: FakeApi, more: Partial<ExecRequest> = {}): Promise<Heard> {
  const cluster = await api.cluster({ requestTimeout: 1000 });
  let [out, err] = ['', ''];
  const started = Date.now();
  const end = await cluster.exec({
    namespace: 'video',
    pod: 'rx',
    command: ['true'],
    onStdout: (chunk) => {
      out += Buffer.from(chunk).toString();
    },
    onStderr: (chunk) => {
      err += Buffer.from(chunk).toString();
    },
    deadline: 5000,
    ...more,
  });
  return { end, out, err, milliseconds: Date.now() - started };
}
