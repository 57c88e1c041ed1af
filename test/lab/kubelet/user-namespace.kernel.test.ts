import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { asNobody } from '../../helpers/users.ts';

const run = promisify(execFile);

it('runs pods for an ordinary user, in a user namespace', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kmcast-userns-'));
  try {
    chmodSync(folder, 0o777);
    const outfile = join(folder, 'driver.mjs');
    const entry = new URL('user-namespace-driver.ts', import.meta.url).pathname;
    await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
    const { stdout } = await run(
      asNobody[0]!,
      [...asNobody.slice(1), 'unshare', '-Urmpf', '--mount-proc', process.execPath, outfile],
      { env: { PATH: process.env.PATH, TMPDIR: folder } },
    );
    expect(JSON.parse(stdout)).toEqual({
      plain: {
        log: expect.stringMatching(
          /^0\nCapEff:\t00000000a80425fb\nlo\nsh: .*(Read-only file system|Permission denied)\n$/,
        ),
        message: 'm\n',
      },
      user: { log: '0\nCapEff:\t0000000000000000\n' },
      userEvents: expect.arrayContaining([
        expect.stringMatching(
          /^Warning UserUnavailable container c runs as root without any capability in place of user 1000/,
        ),
      ]),
      locked: { log: expect.stringMatching(/^touch: .*Read-only file system\nCapEff:\t0{16}\nNoNewPrivs:\t1\n$/) },
      privileged: { log: expect.stringMatching(/^1\nk\d+\nsees\n$/) },
      exec: { code: 0, out: 'through', err: '' },
      terminal: { code: 0, out: expect.stringMatching(/^\/dev\/pts\/\d\r\n$/), err: '' },
      app: { log: '42\n' },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
