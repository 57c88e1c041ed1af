import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { asNobody } from '../../helpers/users.ts';

const folder = mkdtempSync(join(tmpdir(), 'kmcast-cni-user-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('an ordinary user’s pods get the same networks', async () => {
  const program = join(folder, 'program.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'unprivileged.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  chmodSync(folder, 0o755);
  const { stdout } = await promisify(execFile)(asNobody[0]!, [
    ...asNobody.slice(1),
    ...['unshare', '-Urmpf', '--kill-child', '--mount-proc', process.execPath, program],
  ]);
  const came = (address: string) => ({
    addresses: [address],
    routes: expect.stringContaining('239.1.2.3 via 192.168.50.1'),
    igmp: '2\n',
    masquerades: true,
    second: expect.stringMatching(/no IP addresses available in range set: 192\.168\.50\.100-192\.168\.50\.100$/),
    left: [],
  });
  expect(JSON.parse(stdout)).toEqual({ overlay: came('10.44.2.2'), flat: came('10.44.2.2'), none: came('10.44.2.2') });
});
