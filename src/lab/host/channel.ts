/** What `lab up` and the lab's daemon say to one another, as JSON lines over one socket, until the lab is up. */
import type { Duplex } from 'node:stream';
import type { LabReady } from './state.ts';

export type DaemonMessage =
  | { readonly type: 'step'; readonly text: string }
  | { readonly type: 'ready'; readonly ready: LabReady }
  | { readonly type: 'failed'; readonly message: string; readonly hint?: string };

/** The only word the other way: from then on the daemon lives without `lab up`. */
export const GO = 'go';

export function sendMessage(channel: Duplex, message: DaemonMessage): void {
  channel.write(`${JSON.stringify(message)}\n`);
}

/** Calls `onLine` for each complete line. */
export function onLines(channel: Duplex, onLine: (line: string) => void): void {
  let rest = '';
  channel.setEncoding('utf8');
  channel.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
