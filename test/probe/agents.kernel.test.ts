import { afterEach, describe, expect, it } from 'vitest';
import type { Receive, Send, SendFlow } from '../../src/agent/traffic.ts';
import { type Heard, here, type Runtime, runOn, type Said } from '../agent/runtimes.ts';
import { between } from './netns.ts';

const RUN = '0123456789abcdef';
let net = between();
net.close();
afterEach(() => net.close());

interface Exchange {
  readonly counts: Said<'counts'>;
  readonly sent: Said<'sent'>;
  readonly receiver: Heard;
}

const FLOW: SendFlow = { id: 7, to: '239.9.1.2', port: 5009, ttl: 3, size: 100, count: 60, rate: 400 };

/** Joins on `b`, then sends from `a`; ends the receiver once the sender is done. */
async function exchange(
  receiving: Runtime,
  sending: Runtime,
  receive: Partial<Receive> = {},
  send: Partial<SendFlow> = {},
): Promise<Exchange> {
  const wanted: Receive = {
    run: RUN,
    duration: 8000,
    every: 0,
    sockets: [{ id: 'g', group: send.to ?? FLOW.to, port: 5009, interface: 'e0' }],
    ...receive,
  };
  const flows: Send = { run: RUN, duration: 5000, every: 0, flows: [{ ...FLOW, ...send }] };
  const abort = new AbortController();
  let sender: Promise<Heard> | undefined;
  const receiver = await runOn(receiving, here({ receive: wanted }, 10), {
    prefix: net.in('b'),
    signal: abort.signal,
    onMessage: (message) => {
      if (message.type !== 'receiving' || sender !== undefined) return;
      sender = runOn(sending, here({ send: flows }, 10), { prefix: net.in('a') });
      void sender.then(() => setTimeout(() => abort.abort(), 100));
    },
  });
  const sent = (await sender)?.of('sent').at(-1);
  const counts = receiver.of('counts').at(-1);
  if (counts === undefined || sent === undefined) throw new Error(JSON.stringify([receiver, await sender]));
  return { counts, sent, receiver };
}

describe.each([
  ['python3', 'python3'],
  ['node', 'node'],
  ['python3', 'node'],
  ['node', 'python3'],
] as const)('%s receives what %s sends', (receiving, sending) => {
  it('and counts exactly what was dropped, doubled and swapped on the way', async () => {
    net = between();
    await net.relay({ drop: [0, 1, 20, 21, 40, 59], double: [10, 30], swap: [15, 50] });
    const { counts, sent, receiver } = await exchange(receiving, sending);
    expect(sent.flows).toMatchObject([{ id: 7, source: '10.9.0.1', interface: 'e0', tried: 60, sent: 60, errors: [] }]);
    const [socket] = counts.sockets;
    expect(socket).toMatchObject({ id: 'g', dropped: 0, truncated: false });
    expect(socket?.senders).toHaveLength(1);
    const heard = socket?.senders[0];
    expect(heard).toMatchObject({ source: '10.9.0.1', port: sent.flows[0]?.port, run: RUN, sender: 7 });
    expect(heard).toMatchObject({ received: 56, bytes: 5600, unique: 54, duplicates: 2, reordered: 2, stale: 0 });
    expect(heard).toMatchObject({ first: 2, highest: 58, below: 0, missing: 3 });
    // One kernel, one clock.
    expect(counts.boot).toBe(sent.boot);
    expect(heard?.delay?.least).toBeGreaterThan(-300);
    expect(heard?.delay?.most).toBeLessThan(2_000_000);
    if (receiving === 'python3') expect(heard?.ways).toEqual([{ interface: 'e0', ttl: 3, packets: 56 }]);
    expect(receiver.of('receiving')).toMatchObject([{ socket: 'g', interface: 'e0' }]);
    // Counts are said although stdin was closed.
    expect(receiver.of('end')).toEqual([{ type: 'end', reason: 'stdin closed' }]);
  });

  it('over IPv6, and by the source alone', async () => {
    net = between();
    await net.relay({});
    const group = 'ff35::8000:9';
    const sockets = [
      { id: 'own', group, port: 5009, interface: 'e0', source: 'fd09::1' },
      { id: 'other', group, port: 5009, interface: 'e0', source: 'fd09::77' },
    ];
    const { counts } = await exchange(receiving, sending, { sockets: [sockets[0]!] }, { to: group, interface: 'e0' });
    expect(counts.sockets[0]?.senders).toMatchObject([{ source: 'fd09::1', received: 60 }]);
    const foreign = await exchange(receiving, sending, { sockets: [sockets[1]!] }, { to: group, interface: 'e0' });
    expect(foreign.counts.sockets[0]?.senders).toEqual([]);
  });
});

describe.each(['python3', 'node'] as const)('%s', (runtime) => {
  it('keeps groups, ports and foreign datagrams apart', async () => {
    net = between();
    await net.relay({});
    const sockets = [
      { id: 'g', group: '239.9.1.2', port: 5009 },
      { id: 'silent', group: '239.9.1.3', port: 5009, anyAddress: true },
      { id: 'unicast', port: 5010 },
    ];
    const { counts, receiver } = await exchange(runtime, runtime, { sockets, run: 'ffffffffffffffff' });
    expect(
      receiver
        .of('receiving')
        .map(({ socket }) => socket)
        .sort(),
    ).toEqual(['g', 'silent', 'unicast']);
    const heard = Object.fromEntries(counts.sockets.map(({ id, senders }) => [id, senders.map((s) => s.received)]));
    expect(heard).toEqual({ g: [60], silent: [], unicast: [] });
    expect(counts.sockets[0]?.senders[0]?.run).toBe(RUN);
  });

  it('says why a join or a datagram is refused', async () => {
    net = between();
    net.ip('a', 'route', 'del', 'default');
    net.ip('a', 'route', 'del', '10.9.0.0/24');
    net.ip('b', 'route', 'del', 'default');
    net.ip('b', 'route', 'del', '10.9.0.0/24');
    const receiver = await runOn(
      runtime,
      here({ receive: { run: RUN, duration: 5000, every: 0, sockets: [{ id: 'g', group: '239.9.1.2', port: 5009 }] } }),
      { prefix: net.in('b') },
    );
    expect(receiver.of('receiving')).toMatchObject([{ socket: 'g', error: expect.stringMatching(/^No such device/i) }]);
    expect(receiver.of('end')).toEqual([{ type: 'end', reason: 'finished' }]);
    const sender = await runOn(runtime, here({ send: { run: RUN, duration: 1000, every: 0, flows: [FLOW] } }), {
      prefix: net.in('a'),
    });
    const [flow] = sender.of('sent').at(-1)?.flows ?? [];
    expect(flow).toMatchObject({
      sent: 0,
      errors: [{ code: 'ENETUNREACH', error: expect.stringMatching(/^Network is unreachable/i) }],
    });
  });

  it('ends with enough, and says counts meanwhile', async () => {
    net = between();
    await net.relay({});
    const { counts, receiver } = await exchange(runtime, runtime, { enough: 30, every: 50 });
    expect(receiver.of('end')).toEqual([{ type: 'end', reason: 'finished' }]);
    expect(counts.sockets[0]?.senders[0]?.received).toBeGreaterThanOrEqual(30);
    expect(receiver.of('counts').length).toBeGreaterThan(1);
  });

  it('tells what its own full buffer dropped from what the way lost', async () => {
    net = between();
    await net.relay({ drop: [5, 6, 7] });
    const burst = { count: 2000, rate: 100_000 };
    const { counts } = await exchange(runtime, 'node', { buffer: 2304 }, burst);
    const [socket] = counts.sockets;
    expect(counts.badChecksums).toBe(0);
    expect(socket?.dropped).toBeGreaterThan(0);
    expect((socket?.dropped ?? 0) + (socket?.senders[0]?.unique ?? 0)).toBe(1997);
  });

  it('sends from the source that is asked for where it has that address, else as the kernel chooses', async () => {
    net = between();
    await net.relay({});
    net.ip('a', 'addr', 'add', '10.9.9.9/32', 'dev', 'e0');
    for (const [source, from] of [
      ['10.9.9.9', '10.9.9.9'],
      ['10.9.9.8', '10.9.0.1'],
    ] as const) {
      const { counts, sent } = await exchange('python3', runtime, {}, { source, ifOwn: true, count: 5 });
      expect(sent.flows).toMatchObject([{ source: from, interface: 'e0', sent: 5 }]);
      expect(counts.sockets[0]?.senders).toMatchObject([{ source: from, received: 5 }]);
    }
  });

  it('joins where somebody is a member already, where that is asked for, else where the kernel chooses', async () => {
    net = between();
    net.ip('b', 'link', 'add', 'e9', 'type', 'veth', 'peer', 'name', 'p9');
    for (const name of ['e9', 'p9']) net.ip('b', 'link', 'set', name, 'up');
    net.ip('b', 'addr', 'add', '10.8.0.1/24', 'dev', 'e9');
    net.ip('b', 'addr', 'add', 'fd08::1/64', 'dev', 'e9', 'nodad');
    const groups = ['239.9.1.2', 'ff15::7:9'];
    const socketsOf = (more: object) => groups.map((group) => ({ id: group, group, port: 5009, ...more }));
    const receive = (sockets: Receive['sockets'], duration: number, onJoined?: () => void) =>
      runOn(runtime, here({ receive: { run: RUN, duration, every: 0, sockets } }, 10), {
        prefix: net.in('b'),
        onMessage: ({ type }) => type === 'receiving' && onJoined?.(),
      });
    const where = async (more: object) =>
      (await receive(socketsOf(more), 0))
        .of('receiving')
        .map((said) => [said.socket, said.interface].join(' '))
        .sort();
    const follow = async () =>
      (await Promise.all(groups.map((group) => where({ follow: group })))).map((said, index) =>
        said.find((one) => one.startsWith(groups[index]!)),
      );
    expect(await follow()).toEqual(['239.9.1.2 e0', 'ff15::7:9 e0']);
    let [joined, holding]: [number, Promise<unknown> | undefined] = [0, undefined];
    await new Promise<void>((resolve) => {
      holding = receive(socketsOf({ interface: 'e9' }), 3000, () => ++joined === 2 && resolve());
    });
    expect(await follow()).toEqual(['239.9.1.2 e9', 'ff15::7:9 e9']);
    await holding;
  });

  it('keeps to its rate', async () => {
    net = between();
    const send: Send = { run: RUN, duration: 500, every: 0, flows: [{ ...FLOW, count: 100_000, rate: 200 }] };
    const sender = await runOn(runtime, here({ send }), { prefix: net.in('a') });
    const sent = sender.of('sent').at(-1)?.flows[0]?.sent ?? 0;
    expect(sent).toBeGreaterThan(80);
    expect(sent).toBeLessThanOrEqual(105);
  });
});
