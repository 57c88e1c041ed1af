/** What a lab needs of the machine, and in one sentence what is missing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPlugins } from '../cni/plugins.ts';
import { isExecutable } from '../executable.ts';
import { LabError } from './lab-error.ts';

/** Where distributions put programs that a user's PATH may lack. */
const PROGRAMS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin'];

/** What the lab's shell programs call. */
const NEEDED = ['unshare', 'nsenter', 'setpriv', 'mount', 'umount', 'pivot_root', 'hostname'];

export interface System {
  readonly platform: string;
  readonly isRoot: boolean;
  readonly programs: readonly string[];
  /** Throws a sentence where there are none. */
  readonly findPlugins: () => string;
  /** Where /proc/sys is. */
  readonly sysctls: string;
  /** A saved incident, to be diagnosed where no lab can be. */
  readonly example: string;
}

/** @param example path of a snapshot */
export function thisSystem(example: string): System {
  const isRoot = process.getuid?.() === 0;
  return {
    platform: process.platform,
    isRoot,
    programs: PROGRAMS,
    findPlugins: () => findPlugins(),
    sysctls: '/proc/sys',
    example,
  };
}

/** Throws LabError for what can be seen before anything is started. */
export function checkRequirements(system: System): void {
  const instead = insteadOf(system);
  if (system.platform !== 'linux')
    throw new LabError(`a lab is made of Linux network namespaces, and this is ${system.platform}`, instead);
  const lacks = (program: string): boolean => !system.programs.some((folder) => isExecutable(join(folder, program)));
  const missing = NEEDED.filter(lacks);
  if (missing.length > 0)
    throw new LabError(`a lab needs ${missing.join(', ')} (packages util-linux and hostname)`, instead);
  if (lacks('ip')) throw new LabError('a lab needs ip (package iproute2)', instead);
  try {
    system.findPlugins();
  } catch (error) {
    throw new LabError(`a lab needs CNI plugins: ${(error as Error).message}`, instead);
  }
  const denied = system.isRoot ? undefined : missingUserNamespaces(system.sysctls);
  if (denied !== undefined) throw new LabError(denied, `run it as root (sudo); ${instead}`);
}

/** Why the lab's first program could make no namespaces, by what it said; undefined where that was not the reason. */
export function deniedNamespaces(said: string, system: System): LabError | undefined {
  if (!/unshare.*(Operation not permitted|Permission denied|No space left|Invalid argument)|mount.*permi/i.test(said))
    return undefined;
  const who = system.isRoot ? 'root may make no namespaces here' : 'this user may make no namespaces here';
  const way = system.isRoot ? 'in a container, give it --privileged' : 'run it as root (sudo)';
  return new LabError(`${who}: ${said}`, `${way}; ${insteadOf(system)}`);
}

/** The way out that is open everywhere. */
function insteadOf({ example }: System): string {
  return `to see a diagnosis without a lab: kmcast doctor --snapshot ${example}`;
}

/** Why an ordinary user can have no user namespace, where a setting says so. */
function missingUserNamespaces(sysctls: string): string | undefined {
  const value = (name: string): string | undefined => {
    try {
      return readFileSync(join(sysctls, name), 'utf8').trim();
    } catch {
      return undefined;
    }
  };
  if (value('user/max_user_namespaces') === '0')
    return 'this kernel allows no user namespaces (user.max_user_namespaces=0)';
  if (value('kernel/unprivileged_userns_clone') === '0')
    return 'this kernel allows user namespaces to root alone (kernel.unprivileged_userns_clone=0)';
  if (value('kernel/apparmor_restrict_unprivileged_userns') === '1')
    return 'AppArmor lets ordinary users do nothing in a user namespace (kernel.apparmor_restrict_unprivileged_userns=1)';
  return undefined;
}
