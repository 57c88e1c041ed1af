/** Capture on this machine by node_pcap, in a process of kmcast's own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { CannotCapture, type Glance, type Tally, type Watch, type WatchEvents, type WatchWishes } from './live.ts';
import type { ChildJob, ChildMessage } from './native-protocol.ts';
import { pcapFilter } from './pcap-filter.ts';

/**
 * Bytes of each interface's buffer in the kernel: at a million small packets a second, a sixth of a second, since V8 takes some of
 * that to compile what counts them.
 */
const BUFFER = 32 << 20;
/** Milliseconds that the process has to say its last words. */
const PATIENCE = 3000;
const STDERR_LIMIT = 2000;

/** @param keep descriptor of the file that packets are written to. */
export function watchNative(wishes: WatchWishes, events: WatchEvents, keep?: number): Watch {
  const program = childProgram();
  if (program === undefined)
    return failed(new CannotCapture('kmcast is not built: its capturing process is missing', 'no-module'));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'ignore', 'pipe', 'pipe', keep ?? 'ignore'] });
  const [stdin, , stderr, messages] = child.stdio as unknown as [Writable, null, Readable, Readable];
  const job: ChildJob = { ...wishes, filter: pcapFilter(wishes.queries), buffer: BUFFER, keep: keep !== undefined };
  stdin.on('error', () => {});
  stdin.write(`${JSON.stringify(job)}\n`);
  let glance: Glance = { sources: [], rows: 0, packets: 0, lost: 0 };
  const ended = follow(child, messages, stderr, events, (seen) => {
    glance = seen;
  });
  return {
    glance: () => glance,
    stop: () => {
      stdin.end();
      setTimeout(() => child.kill('SIGKILL'), PATIENCE).unref();
    },
    ended,
  };
}

function follow(
  child: ChildProcess,
  messages: Readable,
  stderr: Readable,
  events: WatchEvents,
  onGlance: (glance: Glance) => void,
): Promise<Tally> {
  return new Promise((resolve, reject) => {
    let tally: Tally | undefined;
    let fatal: CannotCapture | undefined;
    let words = '';
    stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-STDERR_LIMIT);
    });
    lines(messages, (text) => {
      const message = JSON.parse(text) as ChildMessage;
      if (message.type === 'fresh') events.onFresh(message.sources);
      else if (message.type === 'began') events.onBegan(message.began);
      else if (message.type === 'glance') onGlance(message.glance);
      else if (message.type === 'tally') tally = message.tally;
      else fatal = new CannotCapture(message.error, message.kind);
    });
    child.on('error', (error) => reject(new CannotCapture(error.message, 'other')));
    child.on('close', (code, signal) => {
      if (tally !== undefined) resolve(tally);
      else if (fatal !== undefined) reject(fatal);
      else reject(new CannotCapture(`the capturing process ended (${signal ?? code}) ${words.trim()}`, 'other'));
    });
  });
}

function lines(stream: Readable, onLine: (line: string) => void): void {
  let pieces: string[] = [];
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const [first = '', ...rest] = text.split('\n');
    pieces.push(first);
    for (const line of rest) {
      onLine(pieces.join(''));
      pieces = [line];
    }
  });
}

/** Beside the bundle: this module is in one of its chunks, or in the bundle itself. */
function childProgram(): string | undefined {
  return ['../native-child.js', './native-child.js', '../../dist/native-child.js']
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((path) => existsSync(path));
}

function failed(error: CannotCapture): Watch {
  const ended = Promise.reject(error);
  ended.catch(() => {});
  return { glance: () => ({ sources: [], rows: 0, packets: 0, lost: 0 }), stop: () => {}, ended };
}
