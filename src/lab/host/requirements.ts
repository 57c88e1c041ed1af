/** What a lab needs of the machine, and in one sentence what is missing. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPlugins } from '../cni/plugins.ts';
import { LabError } from './lab-error.ts';

/** Where distributions put programs that a user's PATH may lack. */
const PROGRAMS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin'];

/** The way out that is open everywhere. */
const INSTEAD = 'to see a diagnosis without a lab: kmcast doctor --snapshot docs/examples/reverse-path.json';

export interface System {
  readonly platform: string;
  readonly isRoot: boolean;
  readonly programs: readonly string[];
  /** Throws a sentence where there are none. */
  readonly findPlugins: () => string;
  /** Where /proc/sys is. */
  readonly sysctls: string;
}

export function thisSystem(): System {
  const isRoot = process.getuid?.() === 0;
  return {
    platform: process.platform,
    isRoot,
    programs: PROGRAMS,
    findPlugins: () => findPlugins(),
    sysctls: '/proc/sys',
  };
}

/** Throws LabError for what can be seen before anything is started. */
export function checkRequirements(system: System): void {
  if (system.platform !== 'linux')
    throw new LabError(`a lab is made of Linux network namespaces, and this is ${system.platform}`, INSTEAD);
  const lacks = (program: string): boolean => !system.programs.some((folder) => isProgram(join(folder, program)));
  if (['unshare', 'nsenter', 'mount', 'setpriv'].some(lacks))
    throw new LabError('a lab needs unshare, nsenter, mount and setpriv (package util-linux)', INSTEAD);
  if (lacks('ip')) throw new LabError('a lab needs ip (package iproute2)', INSTEAD);
  try {
    system.findPlugins();
  } catch (error) {
    throw new LabError(`a lab needs CNI plugins: ${(error as Error).message}`, INSTEAD);
  }
  const missing = system.isRoot ? undefined : missingUserNamespaces(system.sysctls);
  if (missing !== undefined) throw new LabError(missing, `run it as root (sudo); ${INSTEAD}`);
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

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
