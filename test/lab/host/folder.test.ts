import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  labFolder,
  labNames,
  labsFolder,
  makeLabFolder,
  removeLabFolder,
  type User,
} from '../../../src/lab/host/folder.ts';

let runtime: string;
let user: User;

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'kmcast-folder-'));
  user = { uid: process.getuid?.() ?? 0, env: { XDG_RUNTIME_DIR: runtime } };
});

afterEach(() => rmSync(runtime, { recursive: true, force: true }));

it("is in the user's runtime folder, and in /tmp where that is missing, relative or somebody else's", () => {
  expect(labFolder(user, 'a')).toBe(`${runtime}/kmcast-lab/a`);
  expect(labsFolder({ uid: 7, env: {} })).toBe('/tmp/kmcast-lab-7');
  expect(labsFolder({ uid: 7, env: { XDG_RUNTIME_DIR: 'run' } })).toBe('/tmp/kmcast-lab-7');
  expect(labsFolder({ uid: 7, env: { XDG_RUNTIME_DIR: `${runtime}/nowhere` } })).toBe('/tmp/kmcast-lab-7');
  expect(labsFolder({ uid: user.uid + 1, env: user.env })).toBe(`/tmp/kmcast-lab-${user.uid + 1}`);
});

it('is for this user alone, and goes with the one above when it was the last', () => {
  const one = makeLabFolder(user, 'one');
  const two = makeLabFolder(user, 'two');
  expect(statSync(one).mode & 0o777).toBe(0o700);
  expect(labNames(user)).toEqual(['one', 'two']);
  writeFileSync(join(one, 'file'), '');
  removeLabFolder(one);
  expect(labNames(user)).toEqual(['two']);
  removeLabFolder(two);
  expect(existsSync(labsFolder(user))).toBe(false);
  expect(labNames(user)).toEqual([]);
});

it('is refused where others could change it', () => {
  mkdirSync(labsFolder(user));
  chmodSync(labsFolder(user), 0o777);
  expect(() => makeLabFolder(user, 'one')).toThrow(/not a folder of this user alone/);
  rmSync(labsFolder(user), { recursive: true });
  symlinkSync(tmpdir(), labsFolder(user));
  expect(() => makeLabFolder(user, 'one')).toThrow(/not a folder of this user alone/);
});
