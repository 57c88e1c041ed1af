/** kmcast discover-source on this machine, in namespaces of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Discovery } from '../../src/discover/discovery.ts';
import { hasModule } from '../helpers/capture-module.ts';
import { tcpdump } from '../helpers/users.ts';
import { BIN } from './site.ts';
import { far, lay, memberships, near, RX, rx, TX, takeUp } from './two-hosts.ts';
import { discoverIn, type Scene, sh, startIn } from './wire.ts';

let scene: Scene;

beforeAll(() => {
  scene = lay();
});
afterEach(() => scene.quiet());
afterAll(() => takeUp(scene));

describe('discover-source on this machine', () => {
  it('finds two sources, where they are seen, and which of them needs a route', async () => {
    scene.send(far);
    scene.send(near);
    const { status, found, err } = await discoverIn(rx, '239.1.2.3', '--for', '2s');
    expect(status).toBe(0);
    expect(err).toContain('joining 239.1.2.3 on v0, w0 of local for at most 2 s');
    expect(found.sources).toMatchObject([
      { interface: 'v0', group: '239.1.2.3', port: 5007, protocol: 17, stream: { kind: 'plain' } },
      { interface: 'v0' },
    ]);
    const ttls = Object.fromEntries(found.sources.map(({ source, ttls }) => [source, ttls]));
    expect(ttls).toEqual({
      '10.9.9.9': [{ ttl: 8, initial: 8, hops: 0 }],
      '10.72.0.2': [{ ttl: 1, initial: 1, hops: 0 }],
    });
    for (const { packetsPerSecond, packets } of found.sources) {
      expect(packetsPerSecond).toBeGreaterThan(25);
      expect(packetsPerSecond).toBeLessThan(55);
      expect(packets).toBeGreaterThan(50);
    }
    expect(found.sightings).toEqual([
      {
        group: '239.1.2.3:5007',
        seenOn: [{ place: 'local', interface: 'v0' }],
        notSeenOn: [{ place: 'local', interface: 'w0' }],
      },
    ]);
    expect(found.answer).toMatchObject({
      routes: ['239.1.2.3/32', '10.9.9.9/32'].map((dst) => ({ dst, gw: '0.0.0.0' })),
      onLink: [{ source: '10.72.0.2', subnet: '10.72.0.0/24' }],
    });
    expect(found.places[0]?.vantage).toBe(hasModule ? 'this machine, by node_pcap' : 'this machine');
  });

  it('joins for as long as it watches, and not with --no-join', async () => {
    const running = startIn(rx, 'discover-source', '239.1.2.3', '10.9.9.9@232.1.1.1', '--for', '2s');
    await running.says(/joining/);
    await expect.poll(memberships, { timeout: 10_000 }).toContain('239.1.2.3');
    expect(memberships()).toContain('232.1.1.1');
    expect(memberships()).toMatch(/0xe8010101 +0x0a090909/i);
    expect((await running.ended).status).toBe(1);
    expect(memberships()).not.toContain('239.1.2.3');
    const silent = startIn(rx, 'discover-source', '239.1.2.3', '--for', '1s', '--no-join');
    for (let i = 0; i < 8; i++) {
      await sleep(100);
      expect(memberships()).not.toContain('239.1.2.3');
    }
    const { status, out, err } = await silent.ended;
    expect([status, out.toString().split('\n')[0]]).toEqual([1, 'NO SOURCE of 239.1.2.3 was seen']);
    expect(err).not.toContain('joining');
  });

  it('finds IPv6 sources, and hears MLD', async () => {
    scene.send({ ...far, source: 'fd99::9', group: 'ff15::7' });
    scene.send({ ...far, source: 'fd72::2', group: 'ff15::8' });
    const { status, found } = await discoverIn(rx, '[ff15::7]:5007', '--for', '2s');
    expect(status).toBe(0);
    expect(found.sources.map(({ source, group, interface: on }) => [source, group, on])).toEqual([
      ['fd99::9', 'ff15::7', 'v0'],
    ]);
    expect(found.membership.members).toContainEqual(
      expect.objectContaining({ group: 'ff15::7', interface: 'v0', version: 'mldv2', excludes: true }),
    );
    expect(found.answer.routes).toEqual([]);
    expect(found.answer.notes.join()).toContain('IPv6 needs no routes');
  });

  it('keeps to the source and the port asked for, to ranges, or takes all there is', async () => {
    for (const wishes of [
      far,
      near,
      { ...far, group: '239.1.2.9' },
      { ...far, port: 6000 },
      { ...far, group: '224.0.0.251' },
    ])
      scene.send(wishes);
    const seen = async (...args: string[]) => {
      const { found } = await discoverIn(rx, ...args, '--for', '900ms');
      return found.sources.map(({ source, group, port }) => `${source} ${group}:${port}`).sort();
    };
    expect(await seen('10.9.9.9@239.1.2.3:5007')).toEqual(['10.9.9.9 239.1.2.3:5007']);
    expect(await seen('239.1.2.8/30', '239.1.2.3:6000')).toEqual([
      '10.9.9.9 239.1.2.3:6000',
      '10.9.9.9 239.1.2.9:5007',
    ]);
    expect(await seen('--any')).toEqual([
      '10.72.0.2 239.1.2.3:5007',
      '10.9.9.9 224.0.0.251:5007',
      '10.9.9.9 239.1.2.3:5007',
      '10.9.9.9 239.1.2.3:6000',
      '10.9.9.9 239.1.2.9:5007',
    ]);
  });

  it('tells what leaves this machine from what comes in', async () => {
    scene.send({ ...far, source: '10.72.0.1', device: 'v0', netns: RX });
    const { found } = await discoverIn(rx, '239.1.2.3', '--for', '1s', '-i', 'v0');
    expect(found.sources).toMatchObject([{ source: '10.72.0.1', out: true }]);
    expect(found.sightings[0]?.seenOn).toEqual([]);
  });

  it('prints the first source within 300 ms of its first datagram, and ends with --count 1', async () => {
    const delays: number[] = [];
    for (let i = 0; i < 3; i++) {
      const running = startIn(rx, 'discover-source', '239.1.2.3', '--count', '1', '--for', '9s', '-o', 'jsonl');
      await running.says(/joining/);
      await expect.poll(memberships, { timeout: 10_000 }).toContain('239.1.2.3');
      await sleep(200);
      const sender = scene.send(far);
      const printed = running.says(/"type":"source"/, 'out');
      const [sent] = (await once(sender.stdout!, 'data')) as [Buffer];
      delays.push((await printed) - Number(sent.toString()));
      expect((await running.ended).status).toBe(0);
      scene.quiet();
    }
    expect(Math.min(...delays)).toBeLessThan(300);
    expect(delays.sort((a, b) => a - b)[1]).toBeLessThan(300);
  });

  it('recognises RTP with MPEG-TS, and counts what is missing', async () => {
    const code = `import socket, struct
s = socket.socket(2, 2); s.setsockopt(0, 32, struct.pack('4s4si', bytes(4), bytes(4), socket.if_nametoindex('v1')))
import time
ts = lambda n: b''.join(struct.pack('!BHB', 0x47, 0x0100, 0x10 | (7 * n + i) % 16) + bytes(184) for i in range(7))
for n in range(400):
    if n % 100 != 50: s.sendto(struct.pack('!BBHII', 0x80, 33, n, n * 3000, 7) + ts(n), ('239.1.2.3', 5004))
    time.sleep(.002)`;
    const running = startIn(rx, 'discover-source', '239.1.2.3', '--for', '30s', '-o', 'json');
    // The join comes after the capture stands.
    await expect.poll(memberships, { timeout: 10_000 }).toContain('239.1.2.3');
    await sleep(hasModule ? 0 : 1000);
    execFileSync('ip', ['netns', 'exec', TX, '/usr/bin/python3', '-c', code]);
    await sleep(500);
    running.child.kill('SIGINT');
    const found = JSON.parse((await running.ended).out.toString()) as Discovery;
    expect(found.sources[0]).toMatchObject({
      packets: 396,
      stream: {
        kind: 'rtp',
        carries: 'mpeg-ts',
        continuity: [
          { of: 'rtp', lost: 4, gaps: 4 },
          { of: 'mpeg-ts', lost: 0 },
        ],
      },
    });
  });

  it('keeps what it captured, reads it again, and reads a pipe of tcpdump', async () => {
    scene.send(far);
    const file = join(scene.folder, 'kept.pcapng');
    const live = await discoverIn(rx, '239.1.2.3', '--for', '1500ms', '-w', file);
    const again = await discoverIn({}, '239.1.2.3', '-r', file);
    const rows = (found: typeof live.found) => found.sources.map(({ place: _, ...rest }) => rest);
    expect(rows(again.found)).toEqual(rows(live.found));
    expect(
      execFileSync(tcpdump[0]!, [...tcpdump.slice(1), '-nr', file, 'dst host 239.1.2.3 and udp'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
        .toString()
        .trim()
        .split('\n'),
    ).toHaveLength(live.found.sources[0]!.packets);
    // The file says nothing of subnets; the operator may.
    expect(again.found.answer.routes.map(({ dst }) => dst)).toEqual(['239.1.2.3/32', '10.9.9.9/32']);
    expect(again.found.answer.notes.join()).toContain('name the subnet by --subnet');
    const told = await discoverIn({}, '239.1.2.3', '-r', file, '--subnet', '10.9.0.1/16', '--subnet', '10.8.0.0/16');
    expect(told.found.answer).toMatchObject({
      routes: [{ dst: '239.1.2.3/32', gw: '0.0.0.0' }],
      onLink: [{ source: '10.9.9.9', subnet: '10.9.0.0/16' }],
      notes: [],
    });
    const piped = sh(
      `${tcpdump.join(' ')} -r ${file} -w - 2>/dev/null | ${process.execPath} ${BIN} discover-source --any -r - -o json 2>/dev/null`,
    );
    expect(JSON.parse(piped).sources[0]).toMatchObject({
      source: '10.9.9.9',
      place: 'stdin',
      packets: live.found.sources[0]!.packets,
    });
  });

  it.each(['', 'stty cols 100 rows 20;'])(
    'shows a live table on a terminal, of known size or not (%s)',
    async (size) => {
      scene.send(far);
      const command = `${size} ip netns exec ${RX} ${process.execPath} ${BIN} discover-source 239.1.2.3 --for 3s`;
      const run = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['ignore', 'pipe', 'ignore'] });
      const chunks: Buffer[] = [];
      run.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      const [status] = await once(run, 'close');
      const text = Buffer.concat(chunks).toString();
      expect(status).toBe(0);
      expect(text).toMatch(/watching 239\.1\.2\.3: 1 source after \d+ s/);
      expect(text.split('\n').filter((line) => line.startsWith('10.9.9.9:')).length).toBeGreaterThan(2);
      expect(text).toContain('comes in on v0 of local');
      expect(text.length).toBeLessThan(30_000);
    },
  );
});
