/** One command at a time works on a lab's folder. */
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './lab-error.ts';

/**
 * Runs `work` while no other process does so for the same folder. The lock is an abstract UNIX socket (unix(7)):
 * the kernel lets one process bind its name, and frees it when that process ends, however it does.
 *
 * @param patience milliseconds to wait for the other one
 */
export async function withLabLock<T>(folder: string, patience: number, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  let lock = await bind(folder);
  while (lock === undefined) {
    if (Date.now() >= deadline)
      throw new LabError(`another kmcast works on this lab (${folder})`, 'wait until it is done, or interrupt it');
    await sleep(50);
    lock = await bind(folder);
  }
  const held = lock;
  try {
    return await work();
  } finally {
    await new Promise((resolve) => held.close(resolve));
  }
}

/** Undefined while another process has it. */
function bind(folder: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(`\0kmcast-lab:${folder}`, () => resolve(server));
  });
}
