import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LabError } from '../../../src/lab/host/lab-error.ts';
import { checkRequirements, deniedNamespaces, type System } from '../../../src/lab/host/requirements.ts';

const PROGRAMS = ['unshare', 'nsenter', 'setpriv', 'mount', 'umount', 'pivot_root', 'hostname', 'ip'];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kmcast-requirements-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A machine on which a lab can be, but for what is said. */
function system(other: Partial<System> = {}, without = '', sysctls: Record<string, string> = {}): System {
  mkdirSync(join(folder, 'bin'));
  for (const name of PROGRAMS)
    if (name !== without) writeFileSync(join(folder, 'bin', name), '#!/bin/sh\n', { mode: 0o755 });
  for (const [name, value] of Object.entries(sysctls)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), `${value}\n`);
  }
  return {
    platform: 'linux',
    isRoot: false,
    programs: [join(folder, 'nowhere'), join(folder, 'bin')],
    findPlugins: () => '/usr/lib/cni',
    sysctls: folder,
    example: 'docs/example.json',
    ...other,
  };
}

function refusal(machine: System): LabError {
  try {
    checkRequirements(machine);
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

it('refuses nothing where a lab can be', () => {
  const allowed = { 'kernel/unprivileged_userns_clone': '1', 'user/max_user_namespaces': '96365' };
  expect(() => checkRequirements(system({}, '', allowed))).not.toThrow();
});

it.each([
  [{ platform: 'darwin' }, '', /Linux network namespaces, and this is darwin/],
  [{}, 'ip', /needs ip \(package iproute2\)/],
  [{}, 'nsenter', /needs nsenter \(packages util-linux/],
])('names what the machine lacks %#', (other, without, words) => {
  const error = refusal(system(other, without));
  expect(error.message).toMatch(words);
  expect(error.message).not.toContain('\n');
  expect(error.hint).toContain('kmcast doctor --snapshot docs/example.json');
});

it('names the package of the CNI plugins', () => {
  const findPlugins = () => {
    throw new Error('install the package containernetworking-plugins');
  };
  expect(refusal(system({ findPlugins })).message).toContain('install the package containernetworking-plugins');
});

it.each([
  ['kernel/unprivileged_userns_clone', '0'],
  ['kernel/apparmor_restrict_unprivileged_userns', '1'],
  ['user/max_user_namespaces', '0'],
])('tells an ordinary user that %s=%s forbids user namespaces; root needs none', (name, value) => {
  const machine = system({}, '', { [name]: value });
  const error = refusal(machine);
  expect(error.message).toContain(`${name.replace('/', '.')}=${value}`);
  expect(error.hint).toMatch(/^run it as root \(sudo\); /);
  expect(() => checkRequirements({ ...machine, isRoot: true })).not.toThrow();
});

it('knows a container that lets nobody make namespaces by the words of unshare', () => {
  const machine = system({ isRoot: true });
  const error = deniedNamespaces('unshare: unshare failed: Operation not permitted', machine);
  expect(error?.message).toBe('root may make no namespaces here: unshare: unshare failed: Operation not permitted');
  expect(error?.hint).toContain('--privileged');
  expect(deniedNamespaces('Error: something else', machine)).toBeUndefined();
});
