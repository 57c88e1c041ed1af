import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findPlugins } from '../../../src/lab/cni/plugins.ts';

const root = mkdtempSync(join(tmpdir(), 'kmcast-plugins-'));
afterAll(() => rmSync(root, { recursive: true }));

function folderWith(name: string, plugins: readonly string[]): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const plugin of plugins) writeFileSync(join(folder, plugin), '');
  return folder;
}

const whole = folderWith('whole', ['bridge', 'host-local', 'macvlan', 'ptp', 'tuning']);
const partial = folderWith('partial', ['bridge', 'ptp']);

test('the first folder with all that a lab needs is taken', () => {
  expect(findPlugins({}, [join(root, 'absent'), partial, whole])).toBe(whole);
});

test('the environment names a folder of its own', () => {
  expect(findPlugins({ KMCAST_CNI_BIN: whole }, [])).toBe(whole);
  expect(() => findPlugins({ KMCAST_CNI_BIN: partial }, [whole])).toThrow(
    `KMCAST_CNI_BIN is ${partial}, where the CNI plugins host-local, macvlan are missing`,
  );
});

test('where there are none, one sentence names the package', () => {
  expect(() => findPlugins({}, [partial])).toThrow(
    `the CNI plugins are not installed (looked in ${partial}): install the package containernetworking-plugins`,
  );
});
