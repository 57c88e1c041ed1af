/** Running a program to its end. */
import { spawn } from 'node:child_process';
import { endOf } from './held-process.ts';

/** Rejects with what it wrote to stderr when its status is not 0. */
export async function runToEnd(argv: readonly string[]): Promise<void> {
  const child = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const { code } = await endOf(child);
  if (code !== 0) throw new Error(stderr.trim() || `${argv[0]} ended with status ${code}`);
}
