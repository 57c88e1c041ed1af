/** Starts the processes of a lab, which outlive the command that does so. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type DaemonMessage, GO, onLines } from './channel.ts';
import { LabError } from './lab-error.ts';
import { PLACES } from './places.ts';
import { bootId, processStat } from './processes.ts';
import { deniedNamespaces, type System } from './requirements.ts';
import { LAB_INIT_FILE, writeScripts } from './scripts.ts';
import type { LabShape } from './shape.ts';
import type { LabReady, LabState } from './state.ts';

export interface Launched {
  readonly state: LabState;
  /** Resolves when the lab is up. Rejects with LabError; the processes may still run then. */
  readonly ready: Promise<LabReady>;
  /** Lets the daemon live on without this process. Until then it ends when this process does. */
  go(): Promise<void>;
}

export interface LaunchWishes {
  readonly name: string;
  readonly shape: LabShape;
  readonly folder: string;
  readonly system: System;
  /** The script of kmcast that is running: the daemon is the same one. */
  readonly program: string;
  readonly onStep: (text: string) => void;
}

/** A fixed one: what the operator's has in it may not be there for the lab's users, or be a folder of the home. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function launch(wishes: LaunchWishes): Launched {
  const { name, shape, folder, system, program } = wishes;
  const places = join(folder, PLACES);
  mkdirSync(places, { recursive: true });
  writeScripts(folder);
  // Root of the machine needs no user namespace.
  const namespaces = [
    ...(system.isRoot ? [] : ['--user', '--map-root-user']),
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
  ];
  const daemon = [process.execPath, program, 'lab', 'serve', folder, JSON.stringify(shape)];
  const log = openSync(join(folder, 'lab.log'), 'a', 0o600);
  const child = spawn(
    'unshare',
    [...namespaces, '--mount-proc', '--', 'sh', join(folder, LAB_INIT_FILE), places, ...daemon],
    {
      detached: true,
      cwd: '/',
      stdio: ['ignore', log, log, 'pipe'],
      env: {
        PATH: `${PATH}:${dirname(process.execPath)}`,
        HOME: process.env.HOME ?? '/',
        LANG: 'C.UTF-8',
        ...(process.env.KMCAST_CNI_BIN === undefined ? {} : { KMCAST_CNI_BIN: process.env.KMCAST_CNI_BIN }),
      },
    },
  );
  closeSync(log);
  const channel = child.stdio[3] as Duplex;
  const ready = whenReady(child, channel, wishes);
  const pid = child.pid ?? 0;
  return {
    state: {
      name,
      shape,
      pid,
      startTime: processStat(pid)?.startTime ?? 0,
      boot: bootId(),
      since: new Date().toISOString(),
    },
    ready,
    go: () =>
      new Promise((resolve) => {
        child.unref();
        channel.end(`${GO}\n`, resolve);
      }),
  };
}

function whenReady(child: ChildProcess, channel: Duplex, { folder, system, onStep }: LaunchWishes): Promise<LabReady> {
  return new Promise((resolve, reject) => {
    channel.on('error', () => {});
    onLines(channel, (line) => {
      const message = JSON.parse(line) as DaemonMessage;
      if (message.type === 'step') onStep(message.text);
      else if (message.type === 'ready') resolve(message.ready);
      else reject(new LabError(message.message, message.hint));
    });
    child.on('error', (error) => reject(new LabError(`unshare (util-linux) could not be run: ${error.message}`)));
    child.on('exit', (code, signal) => {
      const said = readFileSync(join(folder, 'lab.log'), 'utf8').trim().split('\n').slice(-5).join('\n');
      reject(
        deniedNamespaces(said, system) ??
          new LabError(`the lab ended before it was up (${signal ?? `status ${code}`}): ${said}`),
      );
    });
  });
}
