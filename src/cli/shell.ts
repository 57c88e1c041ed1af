/** A command of the demo's, by the shell that an operator would type it into. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';

export interface ShellEnd {
  readonly status: number;
  readonly stdout: string;
}

/** Runs it with this terminal; its output is shown as it comes, and kept. */
export function runShell(
  script: string,
  env: NodeJS.ProcessEnv,
  onStart: (child: ChildProcess) => void,
): Promise<ShellEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', script], { stdio: ['inherit', 'pipe', 'inherit'], env });
    onStart(child);
    const out: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => {
      out.push(chunk);
      process.stdout.write(chunk);
    });
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ status: code ?? 128 + constants.signals[signal ?? 'SIGKILL'], stdout: Buffer.concat(out).toString() }),
    );
  });
}
