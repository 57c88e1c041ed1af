/** A process that says `ready` on its file 3 when it is set up, or what went wrong. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { descendant } from './processes.ts';

/** How a process ended. */
export interface End {
  /** 128 + n for signal n. */
  readonly code: number;
  readonly signal?: number;
}

export interface HeldProcess {
  /** Of the process itself, in the daemon's pid namespace: not of nsenter and unshare, which wait for it. */
  readonly pid: number;
  readonly ended: Promise<End>;
  /** Tells it to go on. */
  proceed(): void;
}

/**
 * Starts it and waits for its `ready`. Rejects with what it said instead.
 * @param generations how many processes fork on the way to the one that is meant
 * @param gets its files 0, 1 and 2, those from 4 on, and its environment
 */
export async function startHeld(
  argv: readonly string[],
  generations: number,
  gets: {
    readonly stdio?: readonly (number | 'ignore' | 'pipe')[];
    readonly files?: readonly (number | 'ignore')[];
    readonly env?: NodeJS.ProcessEnv;
  } = {},
): Promise<HeldProcess> {
  const { stdio = ['ignore', 'ignore', 'pipe'], files = [], env = process.env } = gets;
  const child = spawn(argv[0] ?? '', argv.slice(1), { stdio: [...stdio, 'pipe', ...files], env });
  const ended = endOf(child);
  const control = child.stdio[3] as Duplex;
  control.on('error', () => {});
  let said = '';
  await new Promise<void>((resolve, reject) => {
    control.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/^ready$/m.test(said)) resolve();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.on('close', () => reject(new Error(said.trim() || `${argv[0]} ended before it was ready`)));
    child.on('error', reject);
  });
  try {
    const pid = descendant(child.pid ?? 0, generations);
    return { pid, ended, proceed: () => void control.write('go\n') };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** How a child ends; when there are pipes of child_process's between, once they were read. */
export function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.on('error', () => resolve({ code: 127 }));
    child.on('close', (code, name) => {
      const signal = name === null ? undefined : constants.signals[name];
      resolve(signal === undefined ? { code: code ?? 0 } : { code: 128 + signal, signal });
    });
  });
}
