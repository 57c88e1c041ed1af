/** `kmcast doctor -f` as the shell sees it: output, exit status, and what it refuses. No cluster is asked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { doctor } from '../../src/cli/commands/doctor.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../facts/manifests/fixtures/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kmcast-manifests-'));
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(filename: string[], more: object = {}, words: string[] = []) {
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text, ...rest) => {
    out += String(text);
    const done = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
    done?.();
    return true;
  });
  const options = { filename, output: 'text' as const, privileged: true, timeout: 1000, ...more };
  const status = await doctor(words, options, { quiet: true, verbose: false, color: false });
  return { status, out };
}

test('the verdict is first, and an error is exit status 1', async () => {
  const { status, out } = await run([fixture('receiver.yaml')]);
  expect(status).toBe(1);
  expect(out.split('\n')[0]).toMatch(/^BROKEN {3}deploy\/rx in video \(.*receiver\.yaml:24\)$/);
});

test('no error is exit status 0, though no file can make a verdict of healthy', async () => {
  const { status, out } = await run([fixture('sound.yaml')], { output: 'json', namespace: 'tv' });
  expect(status).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ verdict: 'unknown', target: { name: 'cronjob/recorder', namespace: 'tv' } });
});

test('a folder is all of its YAML and JSON', async () => {
  const { status, out } = await run([fixture('myths')]);
  expect(status).toBe(1);
  expect(out).toContain('reading 4 files');
});

test('a file that is no YAML is refused with its line', async () => {
  const file = join(folder, 'template.yaml');
  writeFileSync(file, 'a: 1\n{{- if .Values.x }}\nb: 2\n{{- end }}\n');
  await expect(run([file])).rejects.toMatchObject({
    status: 2,
    message: expect.stringMatching(/template\.yaml:[23] /),
  });
  rmSync(file);
});

test.each([
  ['a file that is not there', ['/nonexistent.yaml'], {}, [], 2],
  ['a target beside files', [fixture('sound.yaml')], {}, ['pod/rx'], 2],
  ['a snapshot beside files', [fixture('sound.yaml')], { snapshot: 'x' }, [], 2],
  ['a folder without manifests', [folder], {}, [], 3],
])('%s is refused', async (_, files, more, words, status) => {
  await expect(run(files, more, words)).rejects.toMatchObject({ status });
});
