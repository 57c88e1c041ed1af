/** Programs by the names that the demo prints: `kmcast`, which may not be on the PATH, and `kubectl`, which may not be installed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { isExecutable } from '../executable.ts';

export interface Tools {
  /** The environment of the demo's commands. */
  readonly env: NodeJS.ProcessEnv;
  /** False where kmcast stands in for kubectl. */
  readonly hasKubectl: boolean;
  /** Removes what was made. */
  remove(): void;
}

/** @param program the script of kmcast that is running */
export function makeTools(program: string, env: NodeJS.ProcessEnv): Tools {
  const folder = mkdtempSync(join(tmpdir(), 'kmcast-demo-'));
  const path = env.PATH ?? '/usr/bin:/bin';
  const hasKubectl = path.split(delimiter).some((dir) => isExecutable(join(dir, 'kubectl')));
  const write = (name: string, words: string): void =>
    writeFileSync(join(folder, name), `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(program)} ${words}"$@"\n`, {
      mode: 0o755,
    });
  write('kmcast', '');
  if (!hasKubectl) write('kubectl', 'lab kubectl ');
  return {
    // kubectl keeps what it learns of an API server: of this one not beyond the demo.
    env: { ...env, PATH: `${folder}${delimiter}${path}`, KUBECACHEDIR: join(folder, 'cache') },
    hasKubectl,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
