import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { ExecEnd, ExecRequest } from '../../src/cluster/cluster.ts';
import { type FakeApi, fakeApi, status } from './fake-api.ts';

let api: FakeApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

const on = (channel: number, data: string | Uint8Array) => Buffer.concat([Buffer.of(channel), Buffer.from(data)]);
const say = (socket: WebSocket, channel: number, data: unknown) =>
  socket.send(on(channel, typeof data === 'string' ? data : JSON.stringify(data)));
const SUCCESS = { metadata: {}, status: 'Success' };
const exitCode = (code: number) => ({
  status: 'Failure',
  reason: 'NonZeroExitCode',
  message: `exit code ${code}`,
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
});
const internal = (message: string) => ({ status: 'Failure', reason: 'InternalError', message, code: 500 });

interface Heard {
  readonly end: ExecEnd;
  readonly out: string;
  readonly err: string;
  readonly milliseconds: number;
}

/** Runs one exec against a kubelet that does `kubelet` once the socket is open. */
async function run(
  kubelet: (socket: WebSocket, url: URL) => void,
  more: Partial<ExecRequest> = {},
  protocols?: string[],
): Promise<Heard> {
  api = await fakeApi(() => ({}), kubelet, protocols);
  return execOn(api, more);
}

async function execOn(api: FakeApi, more: Partial<ExecRequest> = {}): Promise<Heard> {
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

describe('a command that ends', () => {
  it('with 0', async () => {
    const heard = await run((socket) => {
      say(socket, 1, '');
      say(socket, 1, 'out');
      say(socket, 2, 'err');
      say(socket, 3, SUCCESS);
    });
    expect(heard).toMatchObject({ end: { kind: 'exited', code: 0 }, out: 'out', err: 'err' });
  });

  it('with another status, also over protocol v4', async () => {
    const heard = await run((socket) => say(socket, 3, exitCode(3)), {}, ['v4.channel.k8s.io']);
    expect(heard.end).toEqual({ kind: 'exited', code: 3, message: 'exit code 3' });
  });

  it('while unknown channels and odd messages come', async () => {
    const heard = await run((socket) => {
      socket.send(Buffer.of());
      say(socket, 9, 'later protocol');
      socket.send(Buffer.of(255, 1));
      say(socket, 1, 'out');
      say(socket, 3, SUCCESS);
    });
    expect(heard).toMatchObject({ end: { kind: 'exited', code: 0 }, out: 'out' });
  });

  it('in a form that says nothing', async () => {
    expect((await run((socket) => say(socket, 3, 'no JSON'))).end.kind).toBe('interrupted');
  });

  it('asks for what it needs', async () => {
    let asked = '';
    await run(
      (socket, url) => {
        asked = url.pathname + url.search;
        say(socket, 3, SUCCESS);
      },
      { command: ['sh', '-c', 'a b&c'], container: 'app', stdin: new Uint8Array() },
    );
    expect(asked).toBe(
      '/api/v1/namespaces/video/pods/rx/exec?stdout=true&stderr=true&stdin=true&container=app&command=sh&command=-c&command=a+b%26c',
    );
    await api?.close();
    await run(
      (socket, url) => {
        asked = url.pathname + url.search;
        say(socket, 3, SUCCESS);
      },
      { attach: true },
    );
    expect(asked).toBe('/api/v1/namespaces/video/pods/rx/attach?stdout=true&stderr=true');
  });

  it('gets its stdin whole and in order, which then stays open', async () => {
    const stdin = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
    const got: Buffer[] = [];
    let closed = false;
    const heard = await run(
      (socket) => {
        socket.on('close', () => (closed = true));
        socket.on('message', (data: Buffer) => {
          expect(data[0]).toBe(0);
          got.push(data.subarray(1));
          if (Buffer.concat(got).length === stdin.length)
            setTimeout(() => say(socket, 3, closed ? exitCode(9) : SUCCESS), 100);
        });
      },
      { stdin },
    );
    expect(heard.end).toEqual({ kind: 'exited', code: 0 });
    expect(Buffer.concat(got).equals(stdin)).toBe(true);
  });
});

describe('a command that does not start', () => {
  const OCI =
    'failed to start exec "4aaf": OCI runtime exec failed: exec failed: unable to start container process: exec: "sh": executable file not found in $PATH: unknown';

  it('by its status', async () => {
    const heard = await run((socket) =>
      say(socket, 3, internal(`Internal error occurred: error executing command in container: ${OCI}`)),
    );
    expect(heard.end).toEqual({ kind: 'not-started', message: 'exec: "sh": executable file not found in $PATH' });
  });

  it('as runtimes say it that give it an exit code', async () => {
    const heard = await run((socket) => {
      say(socket, 1, `${OCI}\r\n`);
      say(socket, 3, exitCode(126));
    });
    expect(heard.end).toEqual({ kind: 'not-started', message: 'exec: "sh": executable file not found in $PATH' });
  });

  it('but a program that ended with 126 itself did start', async () => {
    expect((await run((socket) => say(socket, 3, exitCode(126)))).end).toMatchObject({ kind: 'exited', code: 126 });
  });

  it.each([
    [
      status(
        500,
        'InternalError',
        'Internal error occurred: unable to upgrade connection: container not found ("app")',
      ),
      'container app is not running',
    ],
    [status(400, 'BadRequest', 'container nocont is not valid for pod rx'), 'container nocont is not valid for pod rx'],
    [status(404, 'NotFound', 'pods "rx" not found', { name: 'rx' }), /^pod rx in namespace video not found/],
    [{ status: 502, body: 'dial tcp 10.0.0.1:10250: connect: connection refused' }, /connection refused/],
    [
      status(
        403,
        'Forbidden',
        'pods "rx" is forbidden: User "bob" cannot get resource "pods/exec" in API group "" in the namespace "video"',
      ),
      /^get pods\/exec of rx in namespace video is forbidden for user "bob"; .*verbs: \["get", "create"\]/,
    ],
  ])('because the server refuses the upgrade: %#', async (answer, message) => {
    api = await fakeApi(() => answer);
    const { end } = await execOn(api);
    expect(end).toEqual({
      kind: 'not-started',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('because nobody is there', async () => {
    api = await fakeApi(() => ({}));
    const cluster = await api.cluster({ server: { server: 'https://127.0.0.1:1' } });
    const end = await cluster.exec({
      namespace: 'video',
      pod: 'rx',
      command: ['true'],
      onStdout: () => undefined,
      deadline: 1000,
    });
    expect(end).toEqual({ kind: 'not-started', message: expect.stringContaining('the connection was refused') });
  });
});

describe('a connection that ends before the status', () => {
  it('closed', async () => {
    const heard = await run((socket) => {
      say(socket, 1, 'half');
      socket.close(1000, 'bye');
    });
    expect(heard).toMatchObject({
      end: { kind: 'interrupted', message: expect.stringContaining('closed (1000)') },
      out: 'half',
    });
  });

  it('dropped', async () => {
    const heard = await run((socket) => socket.terminate());
    expect(heard.end).toEqual({ kind: 'interrupted', message: expect.stringContaining('the connection broke') });
  });

  it('broken by a message without measure', async () => {
    const heard = await run((socket) => socket.send(Buffer.alloc(8 << 20, 1)));
    expect(heard.end).toEqual({ kind: 'interrupted', message: expect.stringContaining('the connection broke') });
  });

  it('a status after output that is no start-up failure is an interruption', async () => {
    const heard = await run((socket) => {
      say(socket, 1, 'half');
      say(socket, 3, internal('error reading from error stream: EOF'));
    });
    expect(heard.end).toEqual({ kind: 'interrupted', message: 'error reading from error stream: EOF' });
  });
});

describe('a command that does not end', () => {
  it('is cut at the deadline', async () => {
    const closed: number[] = [];
    const heard = await run((socket) => socket.on('close', (code) => closed.push(code)), { deadline: 200 });
    expect(heard.end).toEqual({ kind: 'interrupted', message: 'not ended after 0.2 s, cut off' });
    expect(heard.milliseconds).toBeLessThan(600);
    await sleep(100);
    expect(closed).toEqual([1000]);
  });

  it('is cut by the signal, at once', async () => {
    const heard = await run(() => undefined, { signal: AbortSignal.timeout(100) });
    expect(heard.end).toEqual({ kind: 'interrupted', message: 'interrupted' });
    expect(heard.milliseconds).toBeLessThan(500);
  });

  it('is not begun when the signal fired before', async () => {
    expect((await run(() => undefined, { signal: AbortSignal.abort() })).end.kind).toBe('interrupted');
  });

  it('is cut when the server never answers the upgrade', async () => {
    api = await fakeApi(() => ({}));
    const plain = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((ready) => plain.listen(0, '127.0.0.1', ready));
    const { port } = plain.address() as { port: number };
    const cluster = await api.cluster({ server: { server: `http://127.0.0.1:${port}` } });
    const end = await cluster.exec({
      namespace: 'video',
      pod: 'rx',
      command: ['true'],
      onStdout: () => undefined,
      deadline: 200,
    });
    plain.close();
    expect(end.kind).toBe('interrupted');
  });

  it('is cut when the sink never takes what it was given', async () => {
    const heard = await run(
      (socket) => {
        say(socket, 1, 'x');
        say(socket, 3, SUCCESS);
      },
      { onStdout: () => new Promise(() => undefined), deadline: 200 },
    );
    expect(heard.end.kind).toBe('interrupted');
  });
});

describe('back-pressure', () => {
  const PIECE = Buffer.alloc(32 << 10, 7);

  /** Sends without end, as the network takes it. */
  function produce(socket: WebSocket, limit: number): { sent: number } {
    const count = { sent: 0 };
    const next = (): void => {
      if (count.sent >= limit) say(socket, 3, SUCCESS);
      if (count.sent >= limit || socket.readyState !== socket.OPEN) return;
      count.sent += PIECE.length;
      socket.send(on(1, PIECE), () => setImmediate(next));
    };
    next();
    return count;
  }

  it('stops the producer while the sink is busy, and holds little', async () => {
    let count = { sent: 0 };
    let taken = 0;
    const heard = await run((socket) => (count = produce(socket, Number.POSITIVE_INFINITY)), {
      onStdout: (chunk) => {
        taken += chunk.length;
        return sleep(20);
      },
      deadline: 1500,
    });
    expect(heard.end.kind).toBe('interrupted');
    expect(taken).toBeGreaterThan(PIECE.length * 10);
    // The rest is in the buffers of the two sockets, which the kernel bounds.
    expect(count.sent - taken).toBeLessThan(16 << 20);
  });

  it('gives everything, in order, one at a time, before the end', async () => {
    let [taken, busy, most] = [0, 0, 0];
    const heard = await run((socket) => void produce(socket, 4 << 20), {
      onStdout: async (chunk) => {
        most = Math.max(most, ++busy);
        await sleep(1);
        taken += chunk.length;
        busy--;
      },
    });
    expect(heard.end).toEqual({ kind: 'exited', code: 0 });
    expect(taken).toBe(4 << 20);
    expect(most).toBe(1);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('EPIPE');
      },
    ],
    ['rejects', () => Promise.reject(new Error('EPIPE'))],
  ])('ends when the sink %s', async (_, onStdout) => {
    const heard = await run((socket) => void produce(socket, Number.POSITIVE_INFINITY), { onStdout });
    expect(heard.end).toEqual({ kind: 'interrupted', message: 'its output could not be passed on: EPIPE' });
  });
});
