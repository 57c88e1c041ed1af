import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { here, NO_READS, RUNTIMES, reading, runOn } from './runtimes.ts';

const folder = mkdtempSync(join(tmpdir(), 'kmcast-agent-'));
const odd = `${folder}/odd "name" 'x' \\ $(id) \`id\` [1] #\n@line é`;

beforeAll(() => {
  mkdirSync(odd);
  writeFileSync(`${odd}/one`, 'first\nline "q" \\ \t\u0001 é €\n\n@x end');
  writeFileSync(`${odd}/two`, '');
  writeFileSync(`${folder}/large`, 'x'.repeat((4 << 20) + 1));
  writeFileSync(`${folder}/binary`, Buffer.from([0x61, 0xff, 0x0a, 0x62]));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(RUNTIMES)('the agent in %s', (runtime) => {
  it('greets, reads nothing and ends', async () => {
    const heard = await runOn(runtime, reading({}));
    expect(heard.messages.map(({ type }) => type)).toEqual(['hello', 'entered', 'done', 'end']);
    expect(heard.of('hello')[0]).toMatchObject({ runtime: runtime === 'busybox' ? 'sh' : runtime, uid: 0 });
    expect(heard.of('end')).toEqual([{ type: 'end', reason: 'finished' }]);
    expect(heard.end).toEqual({ kind: 'exited', code: 0 });
    expect(heard.stderr).toBe('');
  });

  it('reads files whose names and content are odd, byte for byte', async () => {
    const heard = await runOn(runtime, reading({ files: [`${odd}/*`] }));
    expect(heard.of('file').map(({ path, text, phase }) => [path, text, phase])).toEqual([
      [`${odd}/one`, 'first\nline "q" \\ \t\u0001 é €\n\n@x end', 'before'],
      [`${odd}/two`, '', 'before'],
    ]);
  });

  it('expands `*` and `?` alone', async () => {
    const heard = await runOn(
      runtime,
      reading({ files: ['/proc/sys/net/ipv4/conf/l?/rp_filte*', `${folder}/[l]arge`] }),
    );
    expect(heard.of('file').map(({ path }) => path)).toEqual(['/proc/sys/net/ipv4/conf/lo/rp_filter']);
    expect(heard.of('failed')).toMatchObject([{ what: `${folder}/[l]arge`, error: 'No such file or directory' }]);
  });

  it('replaces what is not UTF-8', async () => {
    const heard = await runOn(runtime, reading({ files: [`${folder}/binary`] }));
    expect(heard.of('file')[0]?.text).toBe('a\ufffd\nb');
  });

  it('says why a file cannot be read', async () => {
    const heard = await runOn(runtime, reading({ files: ['/nonesuch', '/none*such', folder, `${folder}/large`] }));
    expect(heard.of('file')).toEqual([]);
    expect(heard.of('failed').map(({ what, error }) => [what, error])).toEqual([
      ['/nonesuch', 'No such file or directory'],
      ['/none*such', 'No such file or directory'],
      [folder, expect.stringMatching(/directory/i)],
      [`${folder}/large`, 'longer than 4194304 bytes'],
    ]);
  });

  it('runs programs and tells their streams and status apart', async () => {
    const argv = ['sh', '-c', 'printf "out %s\\n" "$1"; echo err >&2; exit 3', 'x', 'a "b" $(id) \'c\'\n@d'];
    const heard = await runOn(
      runtime,
      reading({
        commands: [
          { name: 'plain', argv, root: 'either' },
          { name: 'absent', argv: ['nonesuch-kmcast'], root: 'here' },
        ],
      }),
    );
    expect(heard.of('command')).toEqual([
      {
        type: 'command',
        place: 'p',
        phase: 'before',
        name: 'plain',
        status: 3,
        stdout: 'out a "b" $(id) \'c\'\n@d\n',
        stderr: expect.stringMatching(/^err\n?$/),
        root: 'here',
      },
    ]);
    expect(heard.of('failed')).toMatchObject([{ what: 'absent', error: 'No such file or directory' }]);
  });

  it('bounds the output and the time of programs', async () => {
    const heard = await runOn(
      runtime,
      reading(
        {
          commands: [
            { name: 'loud', argv: ['head', '-c', '17000000', '/dev/zero'], root: 'here' },
            { name: 'slow', argv: ['sleep', '30'], root: 'here' },
          ],
        },
        30,
      ),
    );
    expect(heard.of('failed').map(({ what, error }) => [what, error])).toEqual(
      expect.arrayContaining([
        ['loud', 'printed more than 16777216 bytes'],
        ['slow', 'did not end within 5 s'],
      ]),
    );
  });

  it('keeps out of the node where pid 1 is a container’s', async () => {
    const heard = await runOn(runtime, {
      kind: 'observe',
      deadline: 5,
      places: [
        { id: 'n', enter: { kind: 'node' } },
        { id: 'p', enter: { kind: 'pod', containers: ['x'], uid: 'u', name: 'a', namespace: 'b' } },
        {
          id: 'h',
          enter: { kind: 'here' },
          reads: { ...NO_READS, commands: [{ name: 'c', argv: ['id'], root: 'node' }] },
        },
      ],
    });
    expect(
      heard
        .of('refused')
        .map(({ place }) => place)
        .sort(),
    ).toEqual(['n', 'p']);
    expect(heard.of('failed')).toMatchObject([{ place: 'h', what: 'c' }]);
    expect(heard.of('done')).toEqual([{ type: 'done', place: 'h' }]);
  });

  it('names the owners of sockets, whatever they are called', async () => {
    const script = `import ctypes,socket,sys;ctypes.CDLL(None).prctl(15,b'a "b) \\\\ \\xc3\\xa9');s=socket.socket(2,2);print(s.fileno(),flush=True);sys.stdin.read()`;
    const owner = spawn('/usr/bin/python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const fd = await new Promise((resolve) => owner.stdout.once('data', (data) => resolve(Number(data))));
    const inode = Number(/\d+/.exec(execFileSync('readlink', [`/proc/${owner.pid}/fd/${fd}`]).toString())?.[0]);
    const heard = await runOn(runtime, reading({ owners: true }));
    owner.stdin.end();
    expect(heard.of('owners')[0]?.sockets.filter((socket) => socket.inode === inode)).toEqual([
      { inode, pid: owner.pid, command: 'a "b) \\ é' },
    ]);
  });

  it('says what it cannot do', async () => {
    const look = { duration: 10, groups: ['239.1.2.3'] };
    const dump = { name: 'links', protocol: 0, type: 18, body: 'AAAAAAAAAAAAAAAAAAAAAA==' };
    const heard = await runOn(runtime, here({ reads: { ...NO_READS, netlink: [dump] }, look }));
    const able = { python3: ['netlink', 'look'], perl: ['netlink'], node: [], sh: [], busybox: [] }[runtime];
    const said = heard.messages.flatMap((message) =>
      ['netlink', 'look'].includes(message.type) ? [message.type] : [],
    );
    expect(said).toEqual(able);
    const failed = heard.of('failed').map(({ what }) => what);
    expect(failed).toEqual(['links', 'look'].slice(able.length));
  });
});
