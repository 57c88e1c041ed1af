/** Programs in the two hosts of a test, kmcast among them. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { between } from './netns.ts';

const KMCAST = new URL('../../bin/kmcast.js', import.meta.url).pathname;

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  /** Resolves once this appeared in its output. */
  said(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ran>;
}

export function start(net: ReturnType<typeof between>, host: 'a' | 'b', ...command: string[]): Running {
  const [file = '', ...args] = [...net.in(host), ...command];
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  return {
    pid: child.pid ?? 0,
    said: (text) => expect.poll(() => stdout + stderr, { timeout: 5000, interval: 20 }).toContain(text),
    kill: (signal) => void child.kill(signal),
    ended: new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr }))),
  };
}

export function kmcastIn(net: ReturnType<typeof between>, host: 'a' | 'b', ...words: string[]): Running {
  return start(net, host, process.execPath, KMCAST, ...words);
}

/** The processes that this one has started and that are alive, as names in /proc. */
export function childrenOf(parent: number): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return /^\d+$/.test(pid) && stat.slice(stat.lastIndexOf(')')).split(' ')[2] === String(parent);
    } catch {
      return false;
    }
  });
}
