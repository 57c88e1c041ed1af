import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { closeKubelet, internal, on, run, SUCCESS, say, serve } from './fake-kubelet.ts';

afterEach(closeKubelet);

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
    const api = await serve(() => ({}));
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
