/** The end of a lab: its processes, and with them its namespaces, mounts and addresses; then its folder. */
import { setTimeout as sleep } from 'node:timers/promises';
import { removeLabFolder } from './folder.ts';
import { LabError } from './lab-error.ts';
import { childrenOf, processStat } from './processes.ts';
import { isRunning, type LabState, readLabState } from './state.ts';

/** Milliseconds for the kernel to end some dozens of processes. */
const PATIENCE = 20_000;

/** Whatever is left of the lab in this folder ends and goes. True when it was running. */
export async function endLab(folder: string): Promise<boolean> {
  const state = readLabState(folder);
  const wasRunning = state !== undefined && isRunning(state);
  if (wasRunning) await endProcesses(state);
  removeLabFolder(folder);
  return wasRunning;
}

/**
 * Ends the outermost process and its child, the first process of the lab's pid namespace: the kernel ends all others in it
 * (pid_namespaces(7)), and lets the first one go only when they are gone.
 */
export async function endProcesses(state: Pick<LabState, 'pid' | 'startTime' | 'boot'>): Promise<void> {
  if (!isRunning(state)) return;
  // Stopped, it has no more children in the meantime.
  signal(state.pid, 'SIGSTOP');
  const inner = childrenOf(state.pid);
  for (const pid of inner) signal(pid, 'SIGKILL');
  // A living parent takes note of its child's end, so that no zombie stays where the machine's own init takes none.
  signal(state.pid, 'SIGCONT');
  const deadline = Date.now() + PATIENCE;
  while (inner.some((pid) => processStat(pid)?.running === true)) await pause(deadline);
  const courtesy = Date.now() + 500;
  while (isRunning(state) && inner.length > 0 && Date.now() < courtesy) await pause(deadline);
  while (isRunning(state)) {
    signal(state.pid, 'SIGKILL');
    await pause(deadline);
  }
}

async function pause(deadline: number): Promise<void> {
  if (Date.now() > deadline) throw new LabError('processes of the lab do not end', 'run lab down again');
  await sleep(5);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}
