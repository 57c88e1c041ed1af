/**
 * How many datagrams of 100 bytes a second one receiver counts without loss, over a veth, by each runtime, with the buffer that the
 * kernel gives by itself and with the largest that it grants: node bench/run.js receive [SECONDS]. Needs root and cc.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentControl } from '../src/agent/control.ts';
import type { AgentMessage } from '../src/agent/protocol.ts';
import { startChild } from '../src/vantage/child-process.ts';
import { runAgent } from '../src/vantage/run-agent.ts';

const RATES = [50, 100, 150, 200, 250, 300, 400, 500, 600].map((thousands) => thousands * 1000);
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
  for (const runtime of ['node', 'python3']) {
    for (const buffer of [undefined, largest]) await climb(runtime, buffer);
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

/** Raises the rate until something is lost. */
async function climb(runtime: string, buffer: number | undefined): Promise<void> {
  let best = 'nothing';
  for (const rate of RATES) {
    const { sent, received, took, granted, dropped } = await once(runtime, buffer, rate);
    const real = Math.round(sent / took);
    const line = `${runtime.padEnd(8)} buffer ${granted}  ${real}/s: ${sent} sent, ${sent - received} lost, ${dropped} of these at the socket`;
    console.log(line);
    if (received < sent) break;
    best = `${real}/s`;
    // The sender cannot go faster.
    if (real < rate * 0.95) break;
  }
  console.log(`${runtime} without loss: ${best}`);
}

async function once(runtime: string, buffer: number | undefined, rate: number) {
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
  const sending = (): void => {
    const child = spawn('ip', [
      'netns',
      'exec',
      HOSTS[0]!,
      load,
      GROUP,
      String(PORT),
      '10.9.0.1',
      String(rate),
      String(seconds),
    ]);
    child.stdout.on('data', (data: Buffer) => (told += data));
    child.on('close', () => setTimeout(() => control.halt(), 500));
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
      if (message.type === 'receiving') sending();
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
