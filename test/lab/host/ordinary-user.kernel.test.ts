import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { asNobody, giveToNobody, itWithUsers } from '../../helpers/users.ts';
import { BIN, labState, namespacesOf, remaining, traces, tree } from './kit.ts';

let folder: string;
let runtime: string;
/** Another folder of the machine's. */
let secret: string;

beforeEach(() => {
  // Where this user can read it: a checkout may be in a home folder.
  folder = mkdtempSync(join(tmpdir(), `kmcast-lab-user-${process.pid}-`));
  runtime = mkdtempSync(join(tmpdir(), `kmcast-lab-test-${process.pid}-`));
  secret = mkdtempSync(join(tmpdir(), `kmcast-lab-secret-${process.pid}-`));
  giveToNobody(folder);
  giveToNobody(runtime);
  const root = dirname(dirname(BIN));
  for (const part of ['bin', 'dist', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true });
});

afterEach(() => {
  lab('down');
  rmSync(folder, { recursive: true });
  rmSync(runtime, { recursive: true });
  rmSync(secret, { recursive: true });
});

function program(): string {
  return join(folder, 'bin/kmcast.js');
}

function lab(...args: string[]): string {
  return kmcast('lab', ...args);
}

/** Runs kmcast as an ordinary user, without groups and rights; stdout. Throws with stderr. */
function kmcast(...args: string[]): string {
  const argv = [...asNobody.slice(1), process.execPath, program(), ...args];
  // As such a user has it: without the folders of root's programs.
  const env = { HOME: runtime, XDG_RUNTIME_DIR: runtime, PATH: '/usr/local/bin:/usr/bin:/bin' };
  return execFileSync(asNobody[0]!, argv, { env, cwd: '/', encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

itWithUsers('is made and ended by an ordinary user, and leaves nothing', () => {
  expect(lab('up')).toContain('multicast LAN');
  const ids = tree(labState(runtime)?.pid ?? 0);
  const namespaces = namespacesOf(ids);
  expect([...namespaces].some((link) => link.startsWith('user:'))).toBe(true);
  const addresses = lab('exec', 'node1', '--', 'ip', '-br', 'address');
  expect(addresses).toMatch(/^eth1@\S+ +UP +192\.168\.50\.11\/24 fd50::11\/64/m);
  expect(lab('exec', 'lan', '--', 'ip', '-br', 'link')).toMatch(/^mcast +UP /m);
  // kmcast itself is below /tmp here, of which a machine has one of its own.
  expect(lab('exec', 'outside', '--', process.execPath, program(), '--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  const names = lab('exec', 'outside', '--', 'ls', tmpdir()).trim().split('\n');
  expect(names).toEqual(expect.arrayContaining([basename(folder)]));
  expect(names).not.toContain(basename(secret));
  expect(() => lab('exec', 'outside', '--', 'touch', join(folder, 'bin/new'))).toThrow(/Read-only file system/);
  expect(existsSync(join(folder, 'bin/new'))).toBe(false);
  const kubeconfig = lab('kubeconfig').trim();
  const pod = ['pod/rx', '-n', 'video', '--group', '239.10.10.10:5004'];
  expect(kmcast('doctor', ...pod, '--kubeconfig', kubeconfig)).toMatch(/^HEALTHY/);
  lab('down');
  expect(remaining(ids, namespaces)).toEqual([]);
  expect(traces(runtime)).toEqual([]);
});
