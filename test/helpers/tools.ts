/** Programs that tests compare kmcast with. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian package of a program, where it has another name. */
const PACKAGES: Readonly<Record<string, string>> = { mergecap: 'wireshark-common', editcap: 'wireshark-common' };

/**
 * Path of a program that the test cannot do without. Root installs what is missing (apt); otherwise the test fails with
 * the program's name: a comparison that did not happen must not look like one that held.
 */
export function requireTool(name: string): string {
  const present = which(name);
  if (present !== undefined) return present;
  const packageName = PACKAGES[name] ?? name;
  if (process.getuid?.() !== 0 || which('apt-get') === undefined) {
    throw new Error(`${name} is not installed, and this test needs it: install the package ${packageName}`);
  }
  install(packageName);
  const installed = which(name);
  if (installed === undefined) throw new Error(`package ${packageName} was installed, but brought no ${name}`);
  return installed;
}

function which(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Test files run side by side: a lock that another one holds is waited for. */
function install(packageName: string): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...words: string[]) =>
    execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...words], { env, stdio: 'pipe' });
  try {
    apt('install', '-y', '--no-install-recommends', packageName);
  } catch {
    apt('update');
    apt('install', '-y', '--no-install-recommends', packageName);
  }
}
