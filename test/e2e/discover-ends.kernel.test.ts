/** How discover-source and capture end on this machine: what cannot be, interrupts, limits, readers that go away. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tcpdump } from '../helpers/users.ts';
import { BIN } from './site.ts';
import { far, inside, lay, RX, rx, takeUp } from './two-hosts.ts';
import { type Scene, sh, startIn } from './wire.ts';

let scene: Scene;

beforeAll(() => {
  scene = lay();
});
afterEach(() => scene.quiet());
afterAll(() => takeUp(scene));

describe('what cannot be', () => {
  it.each([
    [['10.1.1.1'], 2, '10.1.1.1 is no multicast group'],
    [[], 2, 'name a group, or give --any'],
    [['239.1.2.3', '--any'], 2, 'not both'],
    [['239.1.2.3', '-w', '-'], 2, 'name a file for -w'],
    [['239.1.2.3', '--on', 'nix/y'], 2, 'kmcast looks at pod'],
    [['239.1.2.3', '--for', 'soon'], 2, 'write a time'],
    [['239.1.2.3', '--count', '0'], 2, 'a number above 0'],
    [['239.1.2.3', '--subnet', '10.0.0.0'], 2, 'write a prefix such as'],
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
      `ip netns exec ${RX} ${process.execPath} ${BIN} capture -w - -i v0 --group 239.1.2.3 --join --for 20s 2>${scene.folder}/err | ${tcpdump.join(' ')} -nr - -c 3 'udp' 2>/dev/null; cat ${scene.folder}/err`,
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
    expect(
      execFileSync(tcpdump[0]!, [...tcpdump.slice(1), '-nr', file], { stdio: ['ignore', 'pipe', 'ignore'] }).toString(),
    ).toBe('');
  });
});
