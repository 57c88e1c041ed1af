import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attachment, GROUP, kmcast, kubectl, PORT, pod, receives, report, Space } from './kit.ts';
import { BIN } from './site.ts';

const MARKER = 'hunter2-in-the-environment';
let space: Space;
let file: string;

beforeAll(async () => {
  space = new Space('snapshot');
  // What is found now must be found again later.
  space.alone();
  file = join(space.folder, 'snapshot.json');
  const env = [{ name: 'FEED_PASSWORD', value: MARKER }];
  space.apply(attachment('plain'), pod('rx', { networks: 'plain', command: receives(), env }));
  kubectl(['-n', space.name, 'create', 'secret', 'generic', 'feed', `--from-literal=password=${MARKER}`]);
  space.ready('pod/rx');
  space.stream();
  const run = await kmcast(['collect', 'pod/rx', '-n', space.name, '--group', `${GROUP}:${PORT}`, '-w', file]);
  expect([run.status, run.out]).toEqual([0, '']);
});
afterAll(() => space.close());

it.each(['json', 'text', 'yaml'])('is diagnosed the same everywhere, byte for byte (%s)', async (format) => {
  const args = ['doctor', '--snapshot', file, '-o', format];
  const here = await kmcast(args);
  // A machine that has no cluster at all, and another home.
  const there = await kmcast(args, {
    KUBECONFIG: '/nonexistent',
    HOME: '/nonexistent',
    KUBERNETES_SERVICE_HOST: undefined,
  });
  expect(here.status).toBe(1);
  expect(there).toEqual(here);
  expect(await kmcast(args)).toEqual(here);
});

it('gives the cause that looking gives', async () => {
  const saved = report(await kmcast(['doctor', '--snapshot', file, '-o', 'json']));
  const live = report(
    await kmcast(['doctor', 'pod/rx', '-n', space.name, '--group', `${GROUP}:${PORT}`, '-o', 'json']),
  );
  expect(saved.rootCause).toBe('joined-on-wrong-interface');
  // Counts and times differ from look to look; what is found and what is to be done does not.
  expect(live.findings.map((f) => [f.rule, f.severity])).toEqual(saved.findings.map((f) => [f.rule, f.severity]));
  expect(live.checks.map((c) => [c.rule, c.outcome])).toEqual(saved.checks.map((c) => [c.rule, c.outcome]));
  expect(live.plan).toEqual(saved.plan);
});

it('keeps no secret, token, certificate or environment value, and only its owner may read it', () => {
  const text = readFileSync(file, 'utf8');
  expect(text.length).toBeGreaterThan(1000);
  expect(text).not.toContain(MARKER);
  expect(text).not.toContain('FEED_PASSWORD');
  expect(text).not.toMatch(/BEGIN [A-Z ]*(PRIVATE KEY|CERTIFICATE)|eyJhbGciOi|client-key-data|"token"/);
  const config = JSON.parse(kubectl(['config', 'view', '--raw', '--minify', '-o', 'json']));
  for (const value of Object.values<string>(config.users[0].user)) expect(text).not.toContain(value.slice(0, 60));
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('is read from stdin, and anything else is refused with a word', async () => {
  let piped = '';
  try {
    execFileSync(process.execPath, [BIN, 'doctor', '--snapshot', '-', '-o', 'json'], { input: readFileSync(file) });
  } catch (error) {
    piped = String((error as { stdout: Buffer }).stdout);
  }
  expect(piped).toBe((await kmcast(['doctor', '--snapshot', file, '-o', 'json'])).out);
  for (const wrong of ['/etc/hostname', '/nonexistent', 'package.json']) {
    const run = await kmcast(['doctor', '--snapshot', wrong]);
    expect([run.status, run.out]).toEqual([2, '']);
    expect(run.err).toMatch(/^kmcast: .*(not JSON|no such file|no snapshot)/);
  }
});
