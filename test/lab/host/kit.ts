/** `kmcast lab` as an operator runs it, and what a lab leaves on the machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BIN = process.env.KMCAST_BIN ?? fileURLToPath(new URL('../../../bin/kmcast.js', import.meta.url));

export interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder of runtime state of its own, so that no other lab of this user is in sight. */
export function runtimeFolder(): string {
  return mkdtempSync(join(tmpdir(), `kmcast-lab-test-${process.pid}-`));
}

export function startLab(runtime: string, args: readonly string[]): { child: ChildProcess; ended: Promise<Run> } {
  return start(['lab', ...args], { XDG_RUNTIME_DIR: runtime });
}

export function lab(runtime: string, ...args: string[]): Promise<Run> {
  return startLab(runtime, args).ended;
}

export function kmcast(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
  return start(args, env).ended;
}

function start(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk));
  const ended = new Promise<Run>((resolve) => child.on('close', (status) => resolve({ status, out, err })));
  return { child, ended };
}

/** lab.json of a lab, when it has one. */
export function labState(runtime: string, name = 'lab') {
  try {
    return JSON.parse(readFileSync(join(runtime, 'kmcast-lab', name, 'lab.json'), 'utf8')) as { readonly pid: number };
  } catch {
    return undefined;
  }
}

/** A process and everything below it, as `pid:start time`. */
export function tree(root: number): Set<string> {
  const parents = new Map(processes().map((pid) => [pid, stat(pid)]));
  const below = (pid: number): number[] => [
    pid,
    ...[...parents].filter(([, found]) => found?.parent === pid).flatMap(([child]) => below(child)),
  ];
  return new Set(below(root).flatMap((pid) => parents.get(pid)?.id ?? []));
}

/** The namespaces of these processes that this one is not in: `net:[4026532000]`. */
export function namespacesOf(ids: ReadonlySet<string>): Set<string> {
  const own = new Set(spaces(process.pid));
  return new Set([...ids].flatMap((id) => spaces(Number(id.split(':')[0]))).filter((link) => !own.has(link)));
}

/** Now, in the unit of a process's start time: hundredths of a second since boot (proc(5)). */
export function now(): number {
  return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 100;
}

/**
 * Which of these processes are still there, and which processes are in one of these namespaces. The kernel gives the number of a
 * namespace that is gone to the next one that somebody makes: what began later than `until` is not the lab's.
 */
export function remaining(ids: ReadonlySet<string>, namespaces: ReadonlySet<string>, until = now()): string[] {
  return processes().flatMap((pid) => {
    const found = stat(pid);
    if (found === undefined || found.state === 'Z') return [];
    const isIn = found.started <= until && spaces(pid).some((link) => namespaces.has(link));
    return ids.has(found.id) || isIn ? [`${pid} ${found.name}`] : [];
  });
}

/** Other clusters of this machine may have links of the same names. */
const before = new Set(links());

/** What the machine itself shows of labs: links with their names, mounts in the folder, files in it. */
export function traces(runtime: string): string[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return [
    ...links().filter((name) => /^(lan|mcast|(node\d|outside)-eth\d|eth\d)$/.test(name) && !before.has(name)),
    ...mounts.filter((line) => line.includes(runtime)),
    ...readdirSync(runtime, { recursive: true }).map(String),
  ];
}

function links(): string[] {
  const lines = readFileSync('/proc/net/dev', 'utf8').split('\n').slice(2);
  return lines.map((line) => line.split(':')[0]!.trim());
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function stat(pid: number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, name = ''] = /\((.*)\)/s.exec(text) ?? [];
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return {
      name,
      state: fields[0],
      parent: Number(fields[1]),
      started: Number(fields[19]),
      id: `${pid}:${fields[19]}`,
    };
  } catch {
    return undefined;
  }
}

function spaces(pid: number): string[] {
  return ['net', 'mnt', 'pid', 'uts', 'user'].flatMap((kind) => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/${kind}`)];
    } catch {
      return [];
    }
  });
}
