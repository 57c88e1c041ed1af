/** What discover-source says of loss: of its own, and of kmcast's numbered datagrams. */
import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Discovery } from '../../src/discover/discovery.ts';
import { itWithModule } from '../helpers/capture-module.ts';
import { far, lay, memberships, rx, TX, takeUp } from './two-hosts.ts';
import { type Scene, startIn } from './wire.ts';

let scene: Scene;

beforeAll(() => {
  scene = lay();
});
afterEach(() => scene.quiet());
afterAll(() => takeUp(scene));

/** Runs Python beside the sender's end of the wire, with a socket `s` to it. */
function python(code: string): string[] {
  const socket = `import socket, struct, sys, time
s = socket.socket(2, 2); s.setsockopt(0, 32, struct.pack('4s4si', bytes(4), bytes(4), socket.if_nametoindex('v1')))
`;
  return ['netns', 'exec', TX, '/usr/bin/python3', '-B', '-c', socket + code];
}

describe('loss', () => {
  itWithModule('by the capture itself is counted to the packet, and said', async () => {
    const running = startIn(rx, 'discover-source', '239.1.2.3', '--for', '4s', '-o', 'json', '-i', 'v0');
    await expect.poll(memberships, { timeout: 5000 }).toContain('239.1.2.3');
    // It cannot count for a while, and its buffer holds half of what comes.
    const [child] = execFileSync('pgrep', ['-f', '-P', `${running.child.pid}`, 'native-child'])
      .toString()
      .split('\n');
    process.kill(Number(child), 'SIGSTOP');
    execFileSync('ip', python("for i in range(48000): s.sendto(bytes(1400), ('239.1.2.3', 5007))"));
    process.kill(Number(child), 'SIGCONT');
    const { out, err } = await running.ended;
    const { sources, places } = JSON.parse(out.toString()) as Discovery;
    const counted = sources.reduce((sum, { packets }) => sum + packets, 0);
    expect(places[0]?.lost, err).toBeGreaterThan(5000);
    expect(counted).toBeGreaterThan(5000);
    const all = counted + (places[0]?.lost ?? 0);
    // IGMP and MLD of the join may be among the lost ones.
    expect(all).toBeGreaterThanOrEqual(48_000);
    expect(all).toBeLessThan(48_010);
  });

  itWithModule("of kmcast's own datagrams stands in their row", async () => {
    const code = `sys.path.insert(0, 'src/agent/python')
from datagram import make
for n in range(200):
    if n % 50 != 25: s.sendto(make(n, int(time.time() * 1e6), bytes(8), 7, 100), ('239.1.2.3', 5007))
    time.sleep(.002)`;
    const running = startIn(rx, 'discover-source', '239.1.2.3', '--for', '3s', '-i', 'v0', '-o', 'json');
    // The join comes after the capture stands.
    await expect.poll(memberships, { timeout: 5000 }).toContain('239.1.2.3');
    execFileSync('ip', python(code));
    const found = JSON.parse((await running.ended).out.toString()) as Discovery;
    expect(found.sources).toMatchObject([
      { packets: 196, stream: { kind: 'kmcast', continuity: [{ of: 'kmcast', received: 196, lost: 4, gaps: 4 }] } },
    ]);
  });

  it('is not said of a stream that lost nothing', async () => {
    scene.send(far);
    const { out } = await startIn(rx, 'discover-source', '239.1.2.3', '--for', '1s', '-i', 'v0').ended;
    expect(out.toString()).not.toContain('the capture lost');
  });
});
