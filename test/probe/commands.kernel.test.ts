/** `kmcast send` and `kmcast receive` on two hosts, with each other and with other tools. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../helpers/tools.ts';
import { childrenOf, kmcastIn, start as startIn } from './commands.ts';
import { between } from './netns.ts';

let net: ReturnType<typeof between>;
beforeAll(async () => {
  requireTool('iperf');
  net = between();
  await net.relay({ drop: [3, 4], double: [6], swap: [8] });
});
afterAll(() => net.close());

const start = (host: 'a' | 'b', ...command: string[]) => startIn(net, host, ...command);
const kmcast = (host: 'a' | 'b', ...words: string[]) => kmcastIn(net, host, ...words);

describe('kmcast receive', () => {
  it('counts what kmcast send sends, several groups at once, with what the way did to it', async () => {
    const groups = ['239.9.1.2:5007', '239.9.1.3:5008'];
    const receiver = kmcast('b', 'receive', ...groups, '--count', '19', '--for', '8s', '-o', 'json');
    for (const group of groups) await receiver.said(`joined ${group} on e0`);
    const sender = await kmcast('a', 'send', ...groups, '--count', '20', '--rate', '100', '-o', 'json').ended;
    expect(sender.status).toBe(0);
    const sent = JSON.parse(sender.stdout);
    expect(sent.groups.map((g: { sent: number }) => g.sent)).toEqual([20, 20]);
    const { status, stdout } = await receiver.ended;
    expect(status).toBe(0);
    const heard = JSON.parse(stdout);
    for (const [i, group] of groups.entries()) {
      expect(heard.groups[i]).toMatchObject({ group, interface: 'e0', bufferOverflow: 0 });
      expect(heard.groups[i].senders).toMatchObject([
        { from: sent.groups[i].from, kmcast: true, lost: 2, duplicates: 1, reordered: 1 },
      ]);
    }
  });

  it('fails when too much is lost, and only then', async () => {
    for (const [limit, status] of [
      ['1', 1],
      ['2', 0],
      ['5%', 1],
      ['10%', 0],
    ] as const) {
      const receiver = kmcast('b', 'receive', '239.9.1.2:5007', '--for', '1500ms', '--max-loss', limit);
      await receiver.said('joined');
      await kmcast('a', 'send', '239.9.1.2:5007', '--count', '20', '--rate', '200').ended;
      expect([limit, (await receiver.ended).status]).toEqual([limit, status]);
    }
  });

  it('fails when nothing came, or too little', async () => {
    const nothing = await kmcast('b', 'receive', '239.9.1.2:5007', '--for', '300ms').ended;
    expect(nothing).toMatchObject({ status: 1, stdout: expect.stringContaining('nothing came') });
    const receiver = kmcast('b', 'receive', '239.9.1.2:5007', '--for', '1s', '--count', '50');
    await receiver.said('joined');
    await kmcast('a', 'send', '239.9.1.2:5007', '--count', '20', '--rate', '200').ended;
    expect((await receiver.ended).status).toBe(1);
  });

  it('ends in order when interrupted, with what it counted', async () => {
    const receiver = kmcast('b', 'receive', '239.9.1.2:5007', '-o', 'jsonl');
    await receiver.said('"joined"');
    await kmcast('a', 'send', '239.9.1.2:5007', '--count', '5', '--rate', '200').ended;
    receiver.kill('SIGINT');
    const { status, stdout } = await receiver.ended;
    expect(status).toBe(0);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ event: 'result', kind: 'Reception', groups: [{ received: 3 }] });
    const bounded = kmcast('b', 'receive', '239.9.1.2:5007', '--for', '20s');
    await bounded.said('joined');
    bounded.kill('SIGTERM');
    expect((await bounded.ended).status).toBe(130);
  });

  it('leaves nothing when it is killed', async () => {
    const receiver = kmcast('b', 'receive', '239.9.1.2:5007');
    await receiver.said('joined');
    const [agent] = childrenOf(receiver.pid);
    expect(agent).toBeDefined();
    receiver.kill('SIGKILL');
    await receiver.ended;
    await expect.poll(() => readdirSync('/proc').includes(agent ?? ''), { timeout: 2000 }).toBe(false);
  });

  it('counts anyone’s datagrams', async () => {
    const receiver = kmcast('b', 'receive', '239.9.1.2:5001', '--count', '5', '--for', '8s', '-o', 'json');
    await receiver.said('joined');
    await start('a', 'iperf', '-c', '239.9.1.2', '-u', '-p', '5001', '-t', '1', '-b', '200k').ended;
    const { status, stdout } = await receiver.ended;
    expect(status).toBe(0);
    const [sender] = JSON.parse(stdout).groups[0].senders;
    expect(sender).toMatchObject({ from: expect.stringMatching(/^10\.9\.0\.1:/), kmcast: false });
    expect(sender.lost).toBeUndefined();
  });

  it('joins for one source alone', async () => {
    const wrong = kmcast('b', 'receive', '232.9.1.2:5007', '--source', '10.9.0.77', '--for', '1500ms');
    const right = kmcast('b', 'receive', '10.9.0.1@232.9.1.2:5008', '--for', '1500ms');
    await wrong.said('joined');
    await right.said('joined');
    await kmcast('a', 'send', '232.9.1.2:5007', '232.9.1.2:5008', '--count', '5').ended;
    expect([(await wrong.ended).status, (await right.ended).status]).toEqual([1, 0]);
  });
});

describe('kmcast send', () => {
  it('is understood by iperf, with its loss', async () => {
    const server = start('b', 'iperf', '-s', '-u', '-B', '239.9.1.4', '-p', '5001', '-i', '1', '-t', '4');
    await server.said('Joining multicast group');
    await kmcast('a', 'send', '239.9.1.4:5001', '--count', '40', '--rate', '40', '--size', '1000').ended;
    server.kill('SIGINT');
    const { stdout } = await server.ended;
    expect(stdout).toMatch(/ [12]\/ ?\d\d \(/);
  });

  it('says what keeps it from sending, and fails', async () => {
    const { status, stdout } = await kmcast('a', 'send', '239.9.1.2:5007', '--count', '3', '--interface', 'nope').ended;
    expect(status).toBe(1);
    expect(stdout).toContain('no interface nope');
    net.ip('a', 'route', 'del', 'default');
    const lost = await kmcast('a', 'send', '239.9.1.2:5007', '--count', '3').ended;
    net.ip('a', 'route', 'add', 'default', 'dev', 'e0');
    expect(lost).toMatchObject({ status: 1, stdout: expect.stringContaining('no route leads there (ENETUNREACH)') });
  });

  it('refuses what it cannot do, with status 2', async () => {
    for (const words of [
      ['239.1.2.3'],
      ['10.1.1.1:5000'],
      ['239.1.2.3:5000', '--size', '8'],
      ['239.1.2.3:5000', '--rate', '0'],
    ]) {
      expect((await kmcast('a', 'send', ...words).ended).status).toBe(2);
    }
  });
});
