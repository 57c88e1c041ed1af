/** A machine of the lab: its namespaces, held by their first process, and how to act in them. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../place.ts';
import { finished } from './child.ts';
import { follow } from './first-process.ts';
import { MACHINE_INIT_FILE } from './scripts.ts';

export interface MachineWishes {
  readonly name: string;
  readonly lan: string;
  readonly multicast: string;
  /** The lab's folder, and the one in which the machines have theirs. */
  readonly labFolder: string;
  readonly placesFolder: string;
  /** Files and folders of this machine that it shows at their places, read-only, wherever those are. */
  readonly shows?: readonly string[];
}

export interface Machine extends Place {
  /** Its mounts are there: programs can be run in it. (Its network namespace is there from the beginning.) */
  readonly mounted: Promise<void>;
  /** Rejects when its first process ends, which nothing survives. */
  readonly lost: Promise<never>;
}

/** Starts a machine; resolves when its network namespace is there. Rejects with what its first process said when it cannot be. */
export async function startMachine(wishes: MachineWishes): Promise<Machine> {
  const { name, lan, multicast, labFolder, placesFolder, shows = [] } = wishes;
  const folder = join(placesFolder, name);
  mkdirSync(folder, { recursive: true });
  const namespaces = ['--net', '--mount', '--uts', '--pid', '--fork', '--kill-child'];
  const child = spawn(
    'unshare',
    [...namespaces, '--', 'sh', join(labFolder, MACHINE_INIT_FILE), name, folder, labFolder, ...shows],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const { said, lost } = follow(child, `the machine ${name}`);
  const pid = Number((await said(/^pid (\d+)$/m))[1]);
  const mounted = said(/^ready$/m).then(() => {});
  mounted.catch(() => {});
  const place = { name, pid, lan, multicast, folder, mounted, lost };
  const start = (argv: readonly string[], options: SpawnOptions = {}): ChildProcess => {
    const [program = 'nsenter', ...args] = enter(pid, argv);
    return spawn(program, args, options);
  };
  return { ...place, spawn: start, run: (argv, input) => finished(start(argv, { stdio: 'pipe' }), argv, input) };
}

/**
 * The argv that runs another in all namespaces of a machine. nsenter(1) forks to enter a pid namespace: a signal that
 * ends nsenter ends what it started too (PR_SET_PDEATHSIG), so that the child process can be killed as any other.
 *
 * @param pid the machine's first process, in the pid namespace of whoever runs it
 */
export function enter(pid: number, argv: readonly string[]): string[] {
  return ['nsenter', '-t', String(pid), '-m', '-u', '-n', '-p', '--', 'setpriv', '--pdeathsig', 'KILL', '--', ...argv];
}
