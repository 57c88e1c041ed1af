/** The Python agent's ways to read datagrams: many by one call, and one by one where that cannot be made. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const PROGRAM = `import json, socket, struct, sys
import batch, count
from receive import ask_for_headers
from datagram import make
told = []
for family, address in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1')):
    for reader in (batch.Many, batch.Single):
        count.open_reader = reader
        receiver, senders = socket.socket(family, socket.SOCK_DGRAM), [socket.socket(family, socket.SOCK_DGRAM) for _ in range(2)]
        ask_for_headers(receiver, family == socket.AF_INET6)
        for one in [receiver] + senders: one.bind((address, 0))
        counted = count.Counted({'id': 'g'}, receiver)
        def send(which, data): senders[which].sendto(data, receiver.getsockname())
        for number in [*range(2**32 - 50, 2**32), *range(0, 60), *range(63, 70), 65, 61]:
            send(0, make(number, number, b'runrunru', 7, 100 if number < 66 else 200))
        for number in range(70): send(1, make(number, 1, b'runrunru', 7, 100))
        for size in (0, 10, 300): send(1, b'x' * size)
        for _ in range(4): counted.drain()
        rows = [count.tell(sender, counted.reader, {1: 'lo'}) for sender in counted.senders.values()]
        told.append([counted.received, [dict(row, port=[one.getsockname()[1] for one in senders].index(row['port'])) for row in rows]])
json.dump(told, sys.stdout)`;

it('tell the same of every datagram, in both families', () => {
  const cwd = new URL('../../src/agent/python', import.meta.url).pathname;
  const told: [number, { ways: object[]; bytes: number }[]][] = JSON.parse(
    execFileSync('python3', ['-B', '-c', PROGRAM], { cwd }).toString(),
  );
  const way = (packets: number) => [{ interface: 'lo', ttl: 64, packets }];
  for (const [received, rows] of told) {
    expect(received).toBe(119 + 70 + 3);
    const source = expect.stringMatching(/^(127\.0\.0\.1|::1)$/);
    expect(rows).toMatchObject([
      {
        source,
        port: 0,
        sender: 7,
        received: 119,
        unique: 118,
        missing: 2,
        duplicates: 1,
        reordered: 1,
        highest: 69,
        ways: way(119),
      },
      { source, port: 1, sender: 7, received: 70, bytes: 7000, missing: 0, ways: way(70) },
      { source, port: 1, received: 3, bytes: 310, ways: way(3) },
    ]);
    expect(rows[0]?.bytes).toBe((50 + 4) * 200 + 65 * 100);
  }
  expect(told).toHaveLength(4);
});
