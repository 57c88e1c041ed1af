/** kmcast discover-source on machines that lack things: node_pcap, Python, tcpdump. */
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { itWithUsers } from '../helpers/users.ts';
import { BIN } from './site.ts';
import { far, inside, lay, memberships, RX, rx, takeUp } from './two-hosts.ts';
import { discoverIn, type Scene, type StartOptions, sh, startIn } from './wire.ts';

let scene: Scene;
/** Without node_pcap. */
let bare: StartOptions;

beforeAll(() => {
  scene = lay();
  const folder = join(scene.folder, 'bare');
  for (const part of ['dist', 'bin', 'package.json'])
    cpSync(join(dirname(BIN), '..', part), join(folder, part), { recursive: true });
  bare = { ...rx, bin: join(folder, 'bin/kmcast.js') };
});
afterEach(() => scene.quiet());
afterAll(() => takeUp(scene));

/** Without these programs, too: something that cannot be run lies on them, in a mount namespace of kmcast's own. */
function without(...programs: readonly string[]): StartOptions {
  const hide = programs.map((name) => `mount --bind /dev/null "$(readlink -f "$(command -v ${name})")"`).join('; ');
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return { ...bare, prefix: ['unshare', '-m', 'sh', '-ec', `export ${path}; ${hide}; exec "$@"`, 'sh'] };
}

describe('discover-source without node_pcap', () => {
  it('captures by an agent in Python, and says so', async () => {
    scene.send(far);
    const { status, found, err } = await discoverIn(bare, '239.1.2.3', '--for', '1500ms');
    expect(status).toBe(0);
    expect(err).toContain('node_pcap is not there');
    expect(found.sources).toMatchObject([{ source: '10.9.9.9', interface: 'v0' }]);
    expect(found.places[0]?.vantage).toBe('this machine');
  });

  itWithUsers(
    'captures by tcpdump where there is no Python either: on every interface, with joins, in and out',
    async () => {
      scene.send(far);
      scene.send({ ...far, source: '10.73.0.1', device: 'w0', netns: RX });
      const file = join(scene.folder, 'kept.pcapng');
      const running = startIn(
        without('python3'),
        'discover-source',
        '239.1.2.3',
        '--for',
        '2s',
        '-o',
        'json',
        '-w',
        file,
      );
      await running.says(/capturing by tcpdump, which does not tell directions/);
      expect(memberships()).toContain('239.1.2.3');
      const { status, out } = await running.ended;
      const found = JSON.parse(out.toString());
      expect(status).toBe(0);
      const seen = found.sources.map((s: { source: string; interface: string; out?: true }) => [
        s.source,
        s.interface,
        s.out,
      ]);
      expect(seen.sort()).toEqual([
        ['10.73.0.1', 'w0', true],
        ['10.9.9.9', 'v0', undefined],
      ]);
      expect(found.places[0]).toMatchObject({ vantage: 'this machine, by tcpdump', lost: 0, problem: null });
      expect(found.places[0].joins).toContainEqual({ group: '239.1.2.3', interface: 'v0' });
      expect(found.places[0].joins.filter(({ error }: { error?: string }) => error !== undefined)).toEqual([]);
      const kept = sh(`tshark -r ${file} -T fields -e frame.interface_name -e ip.src -Y udp.port==5007 | sort -u`);
      expect(kept).toBe('v0\t10.9.9.9\nw0\t10.73.0.1\n');
      expect(memberships()).not.toContain('239.1.2.3');
    },
  );

  itWithUsers.each(['SIGINT', 'SIGKILL'] as const)('leaves no tcpdump behind after %s', async (signal) => {
    scene.send(far);
    const before = inside();
    const running = startIn(without('python3'), 'discover-source', '239.1.2.3', '--for', '60s');
    await running.says(/sends to/);
    expect(inside().length).toBeGreaterThan(before.length + 2);
    running.child.kill(signal);
    const { status, out } = await running.ended;
    if (signal === 'SIGINT') {
      expect(status).toBe(130);
      expect(out.toString()).toContain('10.9.9.9');
    }
    await expect.poll(inside, { timeout: 6000 }).toEqual(before);
  });

  it('names all that would do where there is nothing', async () => {
    const { status, err } = await startIn(without('python3', 'tcpdump'), 'discover-source', '239.1.2.3', '--for', '1s')
      .ended;
    expect(status).toBe(3);
    for (const word of ['npm rebuild pcap', 'libpcap-dev', 'tcpdump', 'python3']) expect(err).toContain(word);
  });
});
