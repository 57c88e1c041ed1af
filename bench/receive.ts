/**
 * How many datagrams of 100 bytes a second one receiver counts without loss, over a veth, by each runtime, with the buffer that the
 * kernel gives by itself and with the largest that it grants, beside iperf 2's receiver: node bench/run.js receive [SECONDS]. Needs
 * root, cc and iperf, and a machine that does nothing else: what does not run for 50 ms fills the largest buffer.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentControl } from '../src/agent/control.ts';
import type { AgentMessage } from '../src/agent/protocol.ts';
import { startChild } from '../src/vantage/child-process.ts';
import { runAgent } from '../src/vantage/run-agent.ts';

const RATES = [100, 150, 200, 250, 300, 350, 400, 500, 600].map((thousands) => thousands * 1000);
/** Tries at each rate: a machine has other work, too. */
const TRIES = 2;
const [GROUP, PORT] = ['239.9.1.2', 5009];
const HOSTS = ['a', 'b'].map((host) => `kmb${process.pid}${host}`);
const seconds = Number(process.argv[2] ?? 3);
const root = process.cwd();

// What the bundler does for kmcast itself.
const parts = ['python', 'perl', 'node', 'sh'].flatMap((folder) =>
  readdirSync(`${root}/src/agent/${folder}`).map((file) => [
    `${folder}/${file}`,
    file.endsWith('.ts') ? '' : readFileSync(`${root}/src/agent/${folder}/${file}`, 'utf8'),
  ]),
);
Object.assign(globalThis, { KMCAST_AGENT_PARTS: Object.fromEntries(parts) });

const folder = mkdtempSync(join(tmpdir(), 'kmcast-bench-'));
const load = join(folder, 'load');
try {
  execFileSync('cc', ['-O2', '-o', load, `${root}/bench/receive-load.c`]);
  makeHosts();
  const largest = Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8'));
  console.log(`net.core.rmem_max ${largest}; ${seconds} s at each rate`);
  for (const runtime of ['node', 'python3']) await climb(runtime, (rate) => agent(runtime, undefined, rate));
  const iperf = await climb('iperf', (rate) => iperfServer(largest, rate));
  for (const runtime of ['node', 'python3']) {
    const best = await climb(runtime, (rate) => agent(runtime, largest, rate));
    console.log(`${runtime} to iperf: ${(best / iperf).toFixed(2)}`);
  }
} finally {
  for (const host of HOSTS) spawnSync('ip', ['netns', 'del', host]);
  rmSync(folder, { recursive: true });
}

function makeHosts(): void {
  const ip = (...words: string[]) => execFileSync('ip', words);
  for (const host of HOSTS) ip('netns', 'add', host);
  ip('link', 'add', 'e0', 'netns', HOSTS[0]!, 'type', 'veth', 'peer', 'name', 'e0', 'netns', HOSTS[1]!);
  for (const [index, host] of HOSTS.entries()) {
    ip('-n', host, 'addr', 'add', `10.9.0.${index + 1}/24`, 'dev', 'e0');
    ip('-n', host, 'link', 'set', 'e0', 'up');
    ip('-n', host, 'route', 'add', 'default', 'dev', 'e0');
  }
}

interface Counted {
  readonly sent: number;
  readonly took: number;
  readonly received: number;
  /** Lost at the receiver's socket, and its buffer. */
  readonly dropped: number;
  readonly granted: number;
}

/** Raises the rate until something is lost. @returns the highest rate without loss */
async function climb(name: string, run: (rate: number) => Promise<Counted>): Promise<number> {
  let best = 0;
  for (const rate of RATES) {
    let real = 0;
    let lost = 0;
    for (let left = TRIES; left > 0; left--) {
      const { sent, received, took, granted, dropped } = await run(rate);
      [real, lost] = [Math.round(sent / took), sent - received];
      const which = `${name.padEnd(8)} buffer ${granted}`;
      console.log(`${which}  ${real}/s: ${sent} sent, ${lost} lost, ${dropped} of these at the socket`);
      if (lost === 0) break;
    }
    if (lost > 0) break;
    best = real;
    // The sender cannot go faster.
    if (real < rate * 0.95) break;
  }
  console.log(`${name} without loss: ${best}/s`);
  return best;
}

async function agent(runtime: string, buffer: number | undefined, rate: number): Promise<Counted> {
  const messages: AgentMessage[] = [];
  const control = new AgentControl();
  let told = '';
  const sockets = [{ id: 'g', group: GROUP, port: PORT, interface: 'e0' }];
  const receive = {
    run: '00'.repeat(8),
    sockets,
    duration: 60_000,
    every: 0,
    ...(buffer === undefined ? {} : { buffer }),
  };
  await runAgent(
    (command) =>
      command.command[0] === runtime
        ? startChild({ ...command, command: ['ip', 'netns', 'exec', HOSTS[1]!, ...command.command] })
        : Promise.resolve({ kind: 'exited', code: 97 }),
    { kind: 'observe', deadline: 60, places: [{ id: 'p', enter: { kind: 'here' }, receive }] },
    'container',
    (message) => {
      messages.push(message);
      if (message.type !== 'receiving') return;
      void sending(rate).then((said) => {
        told = said;
        setTimeout(() => control.halt(), 500);
      });
    },
    undefined,
    control,
  );
  const [sent = 0, took = 1] = told.split(' ').map(Number);
  const joined = messages.find((message) => message.type === 'receiving');
  const counts = messages.findLast((message) => message.type === 'counts');
  const socket = counts?.type === 'counts' ? counts.sockets[0] : undefined;
  return {
    sent,
    took,
    received: socket?.senders[0]?.unique ?? 0,
    dropped: socket?.dropped ?? 0,
    granted: joined?.type === 'receiving' ? joined.buffer : 0,
  };
}

/** What receive-load says of its sending. */
function sending(rate: number): Promise<string> {
  const child = spawn('ip', [
    ...['netns', 'exec', HOSTS[0]!, load],
    ...[GROUP, String(PORT), '10.9.0.1', String(rate), String(seconds)],
  ]);
  let told = '';
  child.stdout.on('data', (data: Buffer) => (told += data));
  return new Promise((resolve) => child.on('close', () => resolve(told)));
}

/** What it takes and loses is told by the kernel's counters of its namespace. */
async function iperfServer(buffer: number, rate: number): Promise<Counted> {
  const inside = ['netns', 'exec', HOSTS[1]!];
  const counters = (): Record<string, number> => {
    const text = execFileSync('ip', [...inside, 'cat', '/proc/net/snmp'], { encoding: 'utf8' });
    const [names = [], values = []] = [...text.matchAll(/^Udp: (.*)$/gm)].map(([, row = '']) => row.split(' '));
    return Object.fromEntries(names.map((name, index) => [name, Number(values[index])]));
  };
  const server = spawn(
    'ip',
    [...inside, 'iperf', '-s', '-u', '-B', GROUP, '-p', String(PORT), '-w', String(buffer), '-l', '100'],
    { stdio: 'ignore' },
  );
  await wait(500);
  const before = counters();
  const [sent = 0, took = 1] = (await sending(rate)).split(' ').map(Number);
  await wait(500);
  const after = counters();
  server.kill('SIGKILL');
  const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
  return { sent, took, received: grown('InDatagrams'), dropped: grown('RcvbufErrors'), granted: buffer };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
