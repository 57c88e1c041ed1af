/**
 * The process that captures on this machine by node_pcap: so that a fault in native code cannot take a report with it, and
 * that it can be ended (an idle session of node_pcap never lets its process end). Its job comes as a line on stdin, which is
 * then its lifeline; what it says goes to descriptor 3, packets to 4. stdout belongs to the library, which prints on it.
 */
import { readSync } from 'node:fs';
import { Counter } from './counter.ts';
import { LifeLine } from './lifeline.ts';
import { STRIDE } from './live.ts';
import { joinGroups } from './native-join.ts';
import type { ChildJob } from './native-protocol.ts';
import { say, writeAll } from './native-say.ts';
import { openSessions } from './native-sessions.ts';
import { PcapngFile } from './pcapng-file.ts';

const PACKETS = 4;
const TICK = 50;
const GLANCE_EVERY = 500;
const FLUSH_AT = 1 << 19;

const job = readJob();
const line = new LifeLine();
/** Why packets can no longer be kept. */
let broken: string | undefined;
const file = job.keep ? new PcapngFile(keep) : undefined;
const counter = new Counter({
  queries: job.queries,
  nameOf: (index) => job.interfaces[index]?.name ?? '',
  ownMacs: job.interfaces.flatMap(({ mac }) => mac ?? []),
  ...(file === undefined ? {} : { file }),
  ...(job.packets === undefined ? {} : { packets: job.packets }),
  ...(job.bytes === undefined ? {} : { bytes: job.bytes }),
});

let until = Number.POSITIVE_INFINITY;
let nextTick = 0;
let nextGlance = performance.now() + GLANCE_EVERY;
let count = 0;
let full = false;

// While packets come faster than they are counted, the library never returns to the event loop: what must go on meanwhile
// is done from here.
const sessions = await openSessions(job, (packet) => {
  full ||= !counter.take(packet);
  if (full || ++count % STRIDE === 0 || counter.hasFresh) tick();
});
for (const { name, linkType } of sessions.opened) file?.declare(name, linkType);
const opened = sessions.opened.map(({ name }) => name);
if (opened.length === 0) {
  const reasons = [...new Set(sessions.failures.map(({ interface: name, error }) => `${name}: ${error}`))].join('; ');
  say({ type: 'fatal', kind: sessions.kind, error: reasons || 'there is no interface to watch' });
  end();
}
const joins = await joinGroups(job.joins, job.interfaces);
say({ type: 'began', began: { interfaces: opened, failures: sessions.failures, joins } });
until = performance.now() + job.milliseconds;
setInterval(tick, TICK);

function tick(): void {
  const now = performance.now();
  if (full || broken !== undefined || now >= until || line.isCut) finish();
  if (counter.hasFresh && now >= nextTick) {
    say({ type: 'fresh', sources: counter.takeFresh() });
    nextTick = now + TICK;
  }
  if (file !== undefined && (file.waiting >= FLUSH_AT || now >= nextGlance)) void file.flush();
  if (now >= nextGlance) {
    say({ type: 'glance', glance: counter.glance(sessions.lost()) });
    nextGlance = performance.now() + GLANCE_EVERY;
  }
}

function finish(): never {
  void file?.flush();
  if (counter.hasFresh) say({ type: 'fresh', sources: counter.takeFresh() });
  say({ type: 'tally', tally: counter.tally(sessions.lost(), broken) });
  end();
}

/** All is said. The lifeline's thread waits for stdin, and an exit would wait for that thread. */
function end(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('not reached');
}

function keep(bytes: Uint8Array): void {
  try {
    if (broken === undefined) writeAll(PACKETS, bytes);
  } catch (error) {
    broken = `the packets could not be written: ${(error as NodeJS.ErrnoException).code}`;
  }
}

/** Byte by byte: what follows the line is the lifeline's. */
function readJob(): ChildJob {
  const byte = Buffer.alloc(1);
  const text: number[] = [];
  while (readSync(0, byte, 0, 1, null) > 0 && byte[0] !== 10) text.push(byte[0]!);
  return JSON.parse(Buffer.from(text).toString()) as ChildJob;
}
