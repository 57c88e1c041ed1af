/** Two network namespaces with a wire between them, senders, and kmcast inside one of them. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Discovery } from '../../src/discover/discovery.ts';
import { discoveryErrors } from '../helpers/discovery-schema.ts';
import { BIN } from './site.ts';

export function sh(script: string): string {
  return execFileSync('sh', ['-ec', script]).toString();
}

export interface Ended {
  readonly status: number | null;
  readonly out: Buffer;
  readonly err: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves to when the stream first said it, as of Date.now(). */
  readonly says: (pattern: RegExp, stream?: 'out' | 'err') => Promise<number>;
}

export interface StartOptions {
  /** Namespace of the network; this machine's without. */
  readonly netns?: string;
  /** Makes the argv that runs another somewhere else. */
  readonly inside?: (argv: readonly string[]) => readonly string[];
  /** What stands before node: setpriv and the like. */
  readonly prefix?: readonly string[];
  readonly bin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts kmcast. */
export function startIn(options: StartOptions, ...args: readonly string[]): Started {
  const { inside = options.netns === undefined ? (argv: readonly string[]) => argv : into(options.netns) } = options;
  const argv = inside([...(options.prefix ?? []), process.execPath, options.bin ?? BIN, ...args]);
  const env = { ...process.env, NO_COLOR: '1', ...options.env };
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], env });
  const texts = { out: Buffer.alloc(0), err: Buffer.alloc(0) };
  const watchers = new Set<() => void>();
  for (const [name, stream] of [
    ['out', child.stdout!],
    ['err', child.stderr!],
  ] as const) {
    stream.on('data', (chunk: Buffer) => {
      texts[name] = Buffer.concat([texts[name], chunk]);
      for (const look of watchers) look();
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status) => resolve({ status, out: texts.out, err: texts.err.toString() }));
  });
  const says = (pattern: RegExp, stream: 'out' | 'err' = 'err') =>
    new Promise<number>((resolve, reject) => {
      const look = () => pattern.test(texts[stream].toString()) && resolve(Date.now());
      watchers.add(look);
      child.on('close', (status) => reject(new Error(`ended with ${status} before it said ${pattern}: ${texts.err}`)));
      look();
    });
  return { child, ended, says };
}

function into(netns: string): (argv: readonly string[]) => readonly string[] {
  return (argv) => ['ip', 'netns', 'exec', netns, ...argv];
}

/** Runs discover-source; what it prints must be as docs/schema/discovery.json has it. */
export async function discoverIn(
  options: StartOptions,
  ...args: readonly string[]
): Promise<{ status: number | null; err: string; found: Discovery }> {
  const { status, out, err } = await startIn(options, 'discover-source', ...args, '-o', 'json').ended;
  if (!out.toString().startsWith('{')) throw new Error(`no JSON (status ${status}): ${err}`);
  const found = JSON.parse(out.toString()) as Discovery;
  const errors = discoveryErrors(found);
  if (errors.length > 0) throw new Error(`not as documented: ${errors.join('; ')}`);
  return { status, err, found };
}

export interface Stream {
  readonly source: string;
  readonly group: string;
  readonly device: string;
  /** Where it is sent from: a namespace, or what StartOptions has. */
  readonly netns?: string;
  readonly inside?: (argv: readonly string[]) => readonly string[];
  readonly port?: number;
  readonly ttl?: number;
  /** Datagrams a second. */
  readonly rate?: number;
}

/** Sends numbered datagrams until it is killed; prints the time of the first, in milliseconds. */
export function stream(wishes: Stream): ChildProcess {
  const { source, group, device, netns = '', inside = into(netns), port = 5007, ttl = 8, rate = 50 } = wishes;
  const v6 = group.includes(':');
  const code = `import socket, struct, sys, time
s = socket.socket(socket.${v6 ? 'AF_INET6' : 'AF_INET'}, socket.SOCK_DGRAM)
index = socket.if_nametoindex('${device}')
s.bind(('${source}', 0))
${v6 ? `s.setsockopt(41, 17, index); s.setsockopt(41, 18, ${ttl})` : `s.setsockopt(0, 32, struct.pack('4s4si', bytes(4), bytes(4), index)); s.setsockopt(0, 33, ${ttl})`}
n = 0
while True:
    s.sendto(b'feed %d' % n, ('${group}', ${port}))
    if n == 0: print(int(time.time() * 1000), flush=True)
    n += 1
    time.sleep(1 / ${rate})`;
  const [program = '', ...args] = inside(['/usr/bin/python3', '-c', code]);
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The processes of a test, and a folder; all gone with `close`. */
export class Scene {
  readonly folder = mkdtempSync(join(tmpdir(), 'kmcast-wire-'));
  readonly #children: ChildProcess[] = [];

  send(wishes: Stream): ChildProcess {
    const child = stream(wishes);
    this.#children.push(child);
    return child;
  }

  /** Ends all streams. */
  quiet(): void {
    for (const child of this.#children.splice(0)) child.kill('SIGKILL');
  }

  close(): void {
    this.quiet();
    rmSync(this.folder, { recursive: true });
  }
}
