/** The node agent's counting when datagrams wait in the socket: what is read past dgram, without addresses, is counted all the same. */
import { execFileSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';

interface Told {
  readonly source: string;
  readonly port: number;
  readonly sender?: number;
  readonly received: number;
  readonly unique?: number;
  readonly missing?: number;
  readonly duplicates?: number;
  readonly bytes: number;
}
interface CountedLike {
  readonly received: number;
  readonly enough: Promise<void>;
  told(): Told[];
}
const { Counted } = createRequire(import.meta.url)('../../src/agent/node/count.cjs') as {
  Counted: new (id: string, socket: Socket, wanted?: number) => CountedLike;
};

/** Sends `[socket, mark or null, number, size]` one after another, and says the sockets' ports. */
const SENDER = `import json, socket, struct, sys
to, sockets = ('127.0.0.1', int(sys.argv[1])), [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3)]
for one in sockets: one.bind(('127.0.0.1', 0))
for which, mark, number, size in json.load(sys.stdin):
    head = b'' if mark is None else struct.pack('!IIIII8s8sI', number, 1, 2, 0, 0, b'kmcast\\0\\1', b'runrunru', mark)
    sockets[which].sendto(head.ljust(size, b'\\0'), to)
print(json.dumps([one.getsockname()[1] for one in sockets]))`;

type Sent = readonly [socket: number, mark: number | null, number: number, size: number];
const row = (socket: number, mark: number | null, from: number, to: number, size = 100): Sent[] =>
  Array.from({ length: to - from }, (_, i) => [socket, mark, from + i, size]);

let socket: Socket | undefined;
afterEach(() => socket?.close());

/** Everything is sent while this process waits, so that it waits in the socket. */
async function flood(sent: readonly Sent[], later: readonly Sent[] = []) {
  const own = createSocket('udp4');
  socket = own;
  await new Promise<void>((resolve) => own.bind(0, '127.0.0.1', resolve));
  const counted = new Counted('g', own, sent.length);
  let heard = 0;
  own.on('message', () => heard++);
  const send = (datagrams: readonly Sent[]): number[] =>
    JSON.parse(
      execFileSync('python3', ['-c', SENDER, String(own.address().port)], {
        input: JSON.stringify(datagrams),
      }).toString(),
    );
  const ports = send(sent);
  await counted.enough;
  if (later.length > 0) send(later);
  while (counted.received < sent.length + later.length) await sleep(1);
  const byPort = counted.told().map((told) => ({ ...told, port: ports.indexOf(told.port) }));
  return { byPort, heard };
}

describe('a flood', () => {
  it('is counted exactly, with what is missing and double, and for the most part past dgram', async () => {
    const { byPort, heard } = await flood([...row(0, 7, 0, 100), ...row(0, 7, 103, 150), ...row(0, 7, 140, 200, 60)]);
    expect(byPort).toMatchObject([
      { source: '127.0.0.1', port: 0, sender: 7, received: 207, unique: 197, missing: 3, duplicates: 10 },
    ]);
    expect(byPort[0]?.bytes).toBe(147 * 100 + 60 * 60);
    expect(heard).toBeLessThan(50);
  });

  it('of several senders and of others’ datagrams is counted for each', async () => {
    const mixed = [...row(0, 7, 0, 60), ...row(1, 8, 0, 60), ...row(2, null, 0, 5, 30), ...row(0, 7, 60, 80)];
    const { byPort } = await flood([...mixed, ...row(1, 8, 60, 80), ...row(2, null, 5, 40, 30)]);
    const bySender = [...byPort].sort((a, b) => a.port - b.port);
    expect(bySender).toMatchObject([
      { source: '127.0.0.1', port: 0, sender: 7, received: 80, unique: 80, missing: 0 },
      { source: '127.0.0.1', port: 1, sender: 8, received: 80, unique: 80, missing: 0 },
      { source: '127.0.0.1', port: 2, received: 40 },
    ]);
  });

  it('with a sender that was never heard with an address says so', async () => {
    const { byPort } = await flood([...row(0, 7, 0, 60), ...row(1, 8, 0, 1)]);
    expect(byPort).toMatchObject([
      { port: 0, sender: 7, received: 60 },
      { source: 'unknown', port: -1, sender: 8, received: 1 },
    ]);
  });
});
