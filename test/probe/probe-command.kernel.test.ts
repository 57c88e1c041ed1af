/** `kmcast probe` on one host, from it to itself. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf, kmcastIn } from './commands.ts';
import { between } from './netns.ts';

let net: ReturnType<typeof between>;
beforeAll(() => {
  net = between();
});
afterAll(() => net.close());

const kmcast = (host: 'a' | 'b', ...words: string[]) => kmcastIn(net, host, ...words);

describe('kmcast probe', () => {
  const probe = (...words: string[]) =>
    kmcast('a', 'probe', '--from', 'local', '--to', 'local', '--count', '10', '--rate', '100', ...words).ended;

  it('has one exit status for a result, in every format', async () => {
    for (const format of ['text', 'json', 'jsonl', 'yaml', 'junit']) {
      const lost = await probe('-o', format, '--source', '10.9.0.77');
      expect([format, lost.status]).toEqual([format, 1]);
      expect(lost.stdout).toMatch(/FAILED|"verdict": ?"failed"|verdict: failed|failures="1"/);
    }
    const { status, stdout } = await probe('-o', 'json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.group).toMatch(/^239\.255\./);
    expect(report.paths).toMatchObject([{ outcome: 'ok', sent: 10, received: 10, ttl: [16], interfaces: ['e0'] }]);
    expect(report.receivers).toMatchObject([{ leaked: 0, foreign: 0, bufferOverflow: 0, interface: 'e0' }]);
  });

  it('says why it could not test, with status 3', async () => {
    const { status, stdout } = await probe('--to-interface', 'nope');
    expect(status).toBe(3);
    expect(stdout).toMatch(/\? local → local: the receiver could not join: .*No such device|ENODEV/);
  });

  it('loses nothing that another group has, and hears it of nobody', async () => {
    const { status, stdout } = await probe('-6', '-o', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout).receivers).toMatchObject([{ leaked: 0 }]);
  });

  it('refuses what is no test, with status 2', async () => {
    for (const words of [
      ['--group', '239.1.2.3'],
      ['--group', '10.1.1.1:80'],
      ['--max-loss', 'x'],
      ['--from', 'what/ever'],
    ])
      expect((await probe(...words)).status).toBe(2);
  });

  it.each([
    ['SIGINT', 0],
    ['SIGINT', 300],
    ['SIGTERM', 600],
    ['SIGKILL', 0],
    ['SIGKILL', 150],
    ['SIGKILL', 900],
  ] as const)(
    'leaves neither a process nor a membership after %s, %d ms from its first child',
    async (signal, delay) => {
      const group = ['--group', '239.9.7.7:5007'];
      const running = kmcast(
        'a',
        'probe',
        '--from',
        'local',
        '--to',
        'local',
        '--count',
        '1000',
        '--rate',
        '50',
        ...group,
      );
      await running.said('joining');
      await expect.poll(() => childrenOf(running.pid).length, { timeout: 3000 }).toBeGreaterThan(0);
      const alive = childrenOf(running.pid);
      await new Promise((resolve) => setTimeout(resolve, delay));
      running.kill(signal);
      expect((await running.ended).status).toBe(signal === 'SIGKILL' ? null : 130);
      await expect.poll(() => alive.filter((pid) => readdirSync('/proc').includes(pid)), { timeout: 3000 }).toEqual([]);
      const memberships = execFileSync(net.in('a')[0]!, [...net.in('a').slice(1), 'cat', '/proc/net/igmp'], {
        encoding: 'utf8',
      });
      expect(memberships).toContain('010000E0');
      expect(memberships).not.toContain('070709EF');
    },
  );
});
