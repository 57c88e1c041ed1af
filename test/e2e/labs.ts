/** Labs for the end-to-end tests, one for each worker: what one file sends, and expects to be alone with, disturbs no other. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { checkBuild } from './kit.ts';
import { BIN } from './site.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the labs' names begin with; the worker's number follows. */
    readonly labs: string;
  }
}

const lab = (...args: string[]) => promisify(execFile)(process.execPath, [BIN, 'lab', ...args, '-q']);

export default async function start(project: TestProject): Promise<() => Promise<void>> {
  checkBuild();
  const prefix = `e2e-${process.pid}-`;
  const names = Array.from({ length: Number(project.config.maxWorkers) }, (_, index) => `${prefix}${index + 1}`);
  const stop = async (): Promise<void> => {
    await Promise.all(names.map((name) => lab('down', name)));
  };
  try {
    await Promise.all(names.map((name) => lab('up', name, '--empty')));
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('labs', prefix);
  return stop;
}
