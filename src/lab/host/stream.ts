/** The sender on the outside host. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, watchFile } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../place.ts';
import { type Sending, sender } from '../programs.ts';
import { HEALTHY } from '../scene.ts';

/** Milliseconds before it begins again. */
const PAUSE = 1000;
/** Milliseconds between looks at what is to be sent. */
const INTERVAL = 200;

/** In the lab's folder: what is sent in place of the healthy scene's stream (a Sending; `null`: nothing). */
export const STREAM_FILE = 'stream.json';

/**
 * Sends the scene's stream for as long as the lab lives: when somebody ends the sender, another follows, and when the file says
 * otherwise it sends that.
 */
export function keepStream(outside: Place, labFolder: string): void {
  const file = join(labFolder, STREAM_FILE);
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    const sending = wanted(file);
    if (sending === undefined) return;
    const { argv, env } = sender(sending);
    const mine = outside.spawn(argv, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
    child = mine;
    const again = (): void => {
      if (child !== mine) return;
      child = undefined;
      timer = setTimeout(begin, PAUSE);
    };
    mine.on('error', again);
    mine.on('exit', again);
  };
  watchFile(file, { interval: INTERVAL, persistent: false }, () => {
    clearTimeout(timer);
    const old = child;
    child = undefined;
    old?.kill('SIGKILL');
    begin();
  });
  begin();
}

function wanted(file: string): Sending | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as Sending | null) ?? undefined;
  } catch {
    return HEALTHY.stream;
  }
}
