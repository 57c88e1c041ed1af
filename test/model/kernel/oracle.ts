/** Runs a Python program of this directory with JSON on its stdin, and reads the JSON lines that it prints. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The answers, one for each line; throws with what Python said when it failed. */
export function askKernel<T>(program: string, input: unknown): T[] {
  const done = spawnSync('python3', [join(import.meta.dirname, program)], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 590_000,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (done.status !== 0) throw new Error(`${program} ended with ${done.status ?? done.signal}: ${done.stderr}`);
  return done.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
