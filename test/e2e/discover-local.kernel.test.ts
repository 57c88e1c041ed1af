/** kmcast discover-source and capture on this machine, in namespaces of their own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkBuild } from './kit.ts';
import { BIN, discoverIn, Scene, sh, startIn } from './wire.ts';

const TX = `kmwt${process.pid}`;
const RX = `kmwr${process.pid}`;
const rx = { netns: RX };
const far = { source: '10.9.9.9', group: '239.1.2.3', device: 'v1', netns: TX };
const near = { ...far, source: '10.72.0.2', ttl: 1 };
let scene: Scene;

/** Processes in the receiving namespace. */
function inside(): string[] {
  const own = sh(`stat -Lc %i /run/netns/${RX}`).trim();
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/ns/net`) === `net:[${own}]`;
    } catch {
      return false;
    }
  });
}

function memberships(): string {
  return sh(`ip -n ${RX} maddr show dev v0; ip netns exec ${RX} cat /proc/net/mcfilter`);
}

beforeAll(() => {
  checkBuild();
  scene = new Scene();
  sh(`ip netns add ${RX}; ip netns add ${TX}
ip -n ${RX} link add v0 type veth peer name v1 netns ${TX}; ip -n ${RX} link add w0 type veth peer name w1 netns ${TX}
ip -n ${RX} addr add 10.72.0.1/24 dev v0; ip -n ${TX} addr add 10.72.0.2/24 dev v1; ip -n ${TX} addr add 10.9.9.9/32 dev v1
ip -n ${RX} addr add 10.73.0.1/24 dev w0
ip -n ${RX} addr add fd72::1/64 dev v0 nodad; ip -n ${TX} addr add fd72::2/64 dev v1 nodad; ip -n ${TX} addr add fd99::9/128 dev v1 nodad
for n in ${RX} ${TX}; do for d in lo v0 v1 w0 w1; do ip -n $n link set $d up 2>/dev/null || true; done; done
for i in $(seq 50); do ip -n ${TX} -6 addr show dev v1 | grep -q tentative || break; sleep .1; done`);
});
afterEach(() => scene.quiet());
afterAll(() => {
  scene.close();
  sh(`ip netns del ${RX}; ip netns del ${TX}`);
});

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
    expect(found.places[0]?.vantage).toBe('this machine, by node_pcap');
  });

  it('joins for as long as it watches, and not with --no-join', async () => {
    const running = startIn(rx, 'discover-source', '239.1.2.3', '10.9.9.9@232.1.1.1', '--for', '2s');
    await running.says(/joining/);
    await expect.poll(memberships, { timeout: 1500 }).toContain('239.1.2.3');
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
      await expect.poll(memberships, { timeout: 1500 }).toContain('239.1.2.3');
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
import time; time.sleep(1)
ts = lambda n: b''.join(struct.pack('!BHB', 0x47, 0x0100, 0x10 | (7 * n + i) % 16) + bytes(184) for i in range(7))
for n in range(400):
    if n % 100 != 50: s.sendto(struct.pack('!BBHII', 0x80, 33, n, n * 3000, 7) + ts(n), ('239.1.2.3', 5004))
    time.sleep(.002)`;
    const sender = spawn('ip', ['netns', 'exec', TX, '/usr/bin/python3', '-c', code], { stdio: 'ignore' });
    const { found } = await discoverIn(rx, '239.1.2.3', '--for', '3s');
    sender.kill();
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
      execFileSync('tcpdump', ['-nr', file, 'dst host 239.1.2.3 and udp'], { stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim()
        .split('\n'),
    ).toHaveLength(live.found.sources[0]!.packets);
    const piped = sh(
      `tcpdump -r ${file} -w - 2>/dev/null | ${process.execPath} ${BIN} discover-source --any -r - -o json 2>/dev/null`,
    );
    expect(JSON.parse(piped).sources[0]).toMatchObject({
      source: '10.9.9.9',
      place: 'stdin',
      packets: live.found.sources[0]!.packets,
    });
  });

  it('captures by an agent where node_pcap is not installed, and says so', async () => {
    scene.send(far);
    const bare = join(scene.folder, 'bare');
    for (const part of ['dist', 'bin', 'package.json'])
      cpSync(join(dirname(BIN), '..', part), join(bare, part), { recursive: true });
    const { status, found, err } = await discoverIn(
      { ...rx, bin: join(bare, 'bin/kmcast.js') },
      '239.1.2.3',
      '--for',
      '1500ms',
    );
    expect(status).toBe(0);
    expect(err).toContain('node_pcap is not there');
    expect(found.sources).toMatchObject([{ source: '10.9.9.9', interface: 'v0' }]);
    expect(found.places[0]?.vantage).toBe('this machine');
  });
});

describe('what cannot be', () => {
  it.each([
    [['10.1.1.1'], 2, '10.1.1.1 is no multicast group'],
    [[], 2, 'name a group, or give --any'],
    [['239.1.2.3', '--any'], 2, 'not both'],
    [['239.1.2.3', '-w', '-'], 2, 'name a file for -w'],
    [['239.1.2.3', '--on', 'nix/y'], 2, 'kmcast looks at pod'],
    [['239.1.2.3', '--for', 'soon'], 2, 'write a time'],
    [['239.1.2.3', '--count', '0'], 2, 'a number above 0'],
    [['239.1.2.3', '-r', '/nonexistent'], 3, 'cannot read /nonexistent'],
    [['239.1.2.3', '-w', '/nonexistent/x'], 3, 'the packets cannot be written'],
    [['239.1.2.3', '-i', 'nix0'], 3, 'there is no interface nix0 there; there are lo, '],
  ] as const)('%j ends with status %d and a sentence', async (args, status, sentence) => {
    const run = await startIn(rx, 'discover-source', ...args).ended;
    expect(run.err).toContain(sentence);
    expect(run.status).toBe(status);
    expect(run.err).not.toContain('defect');
  });

  it('says which right is missing', async () => {
    const prefix = ['setpriv', '--bounding-set', '-net_raw,-net_admin', '--inh-caps', '-net_raw,-net_admin'];
    const run = await startIn({ ...rx, prefix }, 'discover-source', '239.1.2.3', '--for', '1s').ended;
    expect(run.status).toBe(3);
    expect(run.err).toMatch(/not permitted/i);
    expect(run.err).toContain('CAP_NET_RAW');
  });

  it('names a file that is no capture, and reads a damaged one as far as it goes', async () => {
    const file = join(scene.folder, 'text');
    writeFileSync(file, 'no capture at all');
    const run = await startIn({}, 'discover-source', '239.1.2.3', '-r', file).ended;
    expect(run.status).toBe(3);
    expect(run.err).toContain('neither pcap nor pcapng');
  });
});

describe('an end', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s gives what was found, status 130, and leaves nothing',
    async (signal) => {
      scene.send(far);
      const before = inside();
      const running = startIn(rx, 'discover-source', '239.1.2.3', '--for', '60s');
      await running.says(/sends to/);
      running.child.kill(signal);
      const began = Date.now();
      const { status, out } = await running.ended;
      expect(status).toBe(130);
      expect(Date.now() - began).toBeLessThan(2500);
      expect(out.toString()).toContain('10.9.9.9');
      expect(inside()).toEqual(before);
    },
  );

  it('by SIGKILL takes the capturing process along', async () => {
    const before = inside();
    const running = startIn(rx, 'discover-source', '239.1.2.3', '--for', '60s');
    await running.says(/joining/);
    await expect.poll(() => inside().length, { timeout: 2000 }).toBeGreaterThan(before.length + 1);
    running.child.kill('SIGKILL');
    await expect.poll(inside, { timeout: 5000 }).toEqual(before);
  });
});

describe('capture on this machine', () => {
  it('streams to a pipe that ends when its reader does', async () => {
    scene.send(far);
    const text = sh(
      `ip netns exec ${RX} ${process.execPath} ${BIN} capture -w - -i v0 --group 239.1.2.3 --join --for 20s 2>${scene.folder}/err | tcpdump -nr - -c 3 'udp' 2>/dev/null; cat ${scene.folder}/err`,
    );
    expect(text.match(/10\.9\.9\.9\.\d+ > 239\.1\.2\.3\.5007/g)).toHaveLength(3);
    expect(text).toContain('capturing on v0 of local');
  });

  it('ends after so many packets, cut at the snap length', async () => {
    scene.send(far);
    const file = join(scene.folder, 'cut.pcapng');
    const { status, err } = await startIn(
      rx,
      'capture',
      '-w',
      file,
      '-i',
      'v0',
      '--group',
      '239.1.2.3',
      '--count',
      '7',
      '-s',
      '40',
    ).ended;
    expect([status, err]).toEqual([0, expect.stringContaining('local: 7 packets')]);
    const lengths = execFileSync('tshark', ['-r', file, '-T', 'fields', '-e', 'frame.cap_len'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(lengths.toString().trim().split('\n')).toEqual(Array(7).fill('40'));
    expect(readFileSync(file).length).toBeGreaterThan(7 * 40);
  });

  it('says that nothing came', async () => {
    const file = join(scene.folder, 'none.pcapng');
    const { status } = await startIn(rx, 'capture', '-w', file, '-i', 'w0', '--group', '239.5.5.5', '--for', '700ms')
      .ended;
    expect(status).toBe(1);
    expect(execFileSync('tcpdump', ['-nr', file], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()).toBe('');
  });
});
