/** Labs of a test, to be broken one fault after another, and what an operator does about it. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Action } from '../../../src/lab/fault.ts';
import type { UpLab } from '../../../src/lab/host/up.ts';
import { NAMESPACE, RECEIVER, STREAM } from '../../../src/lab/scene.ts';
import { openStage, type Stage } from '../../../src/lab/stage.ts';
import { kmcast, lab, runtimeFolder } from '../host/kit.ts';

const execute = promisify(execFile);

export interface TestLab {
  readonly stage: Stage;
  readonly kubeconfig: string;
  down(): Promise<void>;
}

export async function testLab(): Promise<TestLab> {
  const runtime = runtimeFolder();
  const up = await lab(runtime, 'up');
  if (up.status !== 0) throw new Error(up.err);
  const folder = join(runtime, 'kmcast-lab', 'lab');
  const state: UpLab = JSON.parse((await lab(runtime, 'status', '-o', 'json')).out);
  const stage = await openStage(state, folder);
  return {
    stage,
    kubeconfig: state.ready.kubeconfig,
    down: async () => {
      await lab(runtime, 'down');
      await rm(runtime, { recursive: true });
    },
  };
}

export interface Step {
  readonly on: string;
  readonly title: string;
  readonly run?: string;
  readonly manifest?: string;
}

export interface Diagnosis {
  readonly verdict: string;
  readonly rootCause: string | null;
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly evidence: readonly unknown[];
  }[];
  readonly plan: { readonly steps: readonly Step[] };
}

export async function doctor(
  lab: TestLab,
  target = `pod/${RECEIVER}`,
  group = `${STREAM.group}:${STREAM.port}`,
): Promise<Diagnosis> {
  const run = await kmcast(['doctor', target, '-n', NAMESPACE, '--group', group, '-o', 'json'], {
    KUBECONFIG: lab.kubeconfig,
  });
  if (!run.out.startsWith('{')) throw new Error(`no JSON (status ${run.status}): ${run.err}`);
  const report: Diagnosis & { readonly items?: readonly Diagnosis[] } = JSON.parse(run.out);
  return report.items?.[0] ?? report;
}

/** Carries a plan out as it is printed: manifests and commands by kubectl and a shell, a node's commands on that node. */
export async function carryOut(lab: TestLab, steps: readonly Step[]): Promise<void> {
  const env = { ...process.env, KUBECONFIG: lab.kubeconfig };
  for (const { on, title, run, manifest } of steps) {
    try {
      if (manifest !== undefined) await shell(['kubectl', 'apply', '-f', '-'], env, manifest);
      if (run === undefined || run === '') continue;
      if (on === 'cluster') await shell(['sh', '-ec', run], env);
      else if (on.startsWith('node/')) await lab.stage.act({ on: on.slice('node/'.length), argv: ['sh', '-ec', run] });
    } catch (error) {
      throw new Error(`step "${title}": ${(error as Error).message}`);
    }
  }
}

/** What a fault says an operator does. */
export async function cure(lab: TestLab, steps: readonly (string | Action)[]): Promise<void> {
  for (const step of steps)
    if (typeof step === 'string') await shell(['sh', '-ec', step], { ...process.env, KUBECONFIG: lab.kubeconfig });
    else await lab.stage.act(step);
}

async function shell([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<void> {
  const running = execute(program, args, { env });
  running.child.stdin?.end(input);
  await running;
}

/** How many of 20 datagrams that the receiving pod sends to the group, naming no interface, the outside host hears. */
export async function heardOutside(lab: TestLab): Promise<number> {
  const port = STREAM.port + 1;
  const listens = lab.stage.act({ on: 'outside', argv: ['python3', '-c', LISTEN, STREAM.group, String(port)] });
  for (let tries = 50; tries > 0 && !(await joinedOutside(lab)); tries--) await sleep(100);
  const pod = await lab.stage.receiver();
  await lab.stage.cluster.exec({
    namespace: NAMESPACE,
    pod: pod?.metadata.name ?? '',
    command: ['python3', '-c', SEND, STREAM.group, String(port)],
    onStdout: () => undefined,
    deadline: 10_000,
  });
  return Number(await listens);
}

async function joinedOutside(lab: TestLab): Promise<boolean> {
  return (await lab.stage.act({ on: 'outside', argv: ['cat', '/proc/net/igmp'] })).includes(IGMP_NAME);
}

/** The stream's group as /proc/net/igmp has it: in the byte order of this machine (proc(5)). */
const IGMP_NAME = Buffer.from(STREAM.group.split('.').map(Number).reverse()).toString('hex').toUpperCase();

const LISTEN = `
import socket, struct, sys
group, port = sys.argv[1], int(sys.argv[2])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((group, port)); s.settimeout(5)
s.setsockopt(0, socket.IP_ADD_MEMBERSHIP, struct.pack("4s4si", socket.inet_aton(group), bytes(4), socket.if_nametoindex("eth1")))
n = 0
try:
    while n < 20: s.recv(100); n += 1
except TimeoutError: pass
print(n)`;

const SEND = `
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(0, socket.IP_MULTICAST_TTL, 8)
for i in range(20): s.sendto(b"from rx", (sys.argv[1], int(sys.argv[2]))); time.sleep(0.02)`;
