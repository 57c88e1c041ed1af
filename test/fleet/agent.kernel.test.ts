/** The agent of a fleet as its pod runs it, on two hosts: a file, a signal, and a message. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { fleetProgram } from '../../src/agent/programs.ts';
import type { FleetJob } from '../../src/fleet/fleet-job.ts';
import { type FleetResult, parseResult } from '../../src/fleet/result.ts';
import { type Between, between } from '../probe/netns.ts';
import { jobOf } from './made.ts';

let net: Between | undefined;
let folder: string;
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  net?.close();
  net = undefined;
  rmSync(folder, { recursive: true, force: true });
});

interface Agent {
  readonly ready: Promise<void>;
  readonly end: () => Promise<number | null>;
  readonly message: () => string;
}

/** Starts the agent of `host`; `end` sends what the deletion of its pod would. */
function agent(host: 'a' | 'b', job: FleetJob): Agent {
  const place = mkdtempSync(join(folder, host));
  writeFileSync(join(place, 'program.py'), fleetProgram());
  writeFileSync(join(place, 'job.json'), JSON.stringify(job));
  const [ready, message] = [join(place, 'ready'), join(place, 'message')];
  const command = ['python3', '-ES', join(place, 'program.py'), place, ready, message];
  const [file, ...args] = [...net!.in(host), 'env', `KMCAST_END=${host}`, ...command];
  const child = spawn(file!, args, { stdio: 'inherit' });
  children.push(child);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    ready: expect.poll(() => existsSync(ready), { timeout: 5000 }).toBe(true),
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
    message: () => readFileSync(message, 'utf8'),
  };
}

/** Both agents from their start to their messages. */
async function fleet(job: FleetJob): Promise<(FleetResult | string)[]> {
  const agents = (['a', 'b'] as const).map((host) => agent(host, job));
  await Promise.all(agents.map(({ ready }) => ready));
  expect(await Promise.all(agents.map(({ end }) => end()))).toEqual([0, 0]);
  return agents.map(({ message }) => parseResult(message(), job));
}

function made(more: Partial<FleetJob> = {}): FleetJob {
  folder = mkdtempSync(join(tmpdir(), 'kmcast-fleet-'));
  net = between();
  return jobOf(2, { ends: ['a', 'b'], ...more });
}

it('joins, waits for its pod’s deletion, sends, and tells exactly what came', async () => {
  const job = made();
  await net!.relay({ drop: [0, 3, 4], double: [7], swap: [10] });
  const [a, b] = await fleet(job);
  if (typeof a !== 'object' || typeof b !== 'object') throw new Error(`${a} ${b}`);
  expect(a.sent).toMatchObject({ source: '10.9.0.1', interface: 'e0', tried: 20, sent: 20, errors: [] });
  expect(a.received).toMatchObject({ interface: 'e0', leaked: 0, foreign: 0, dropped: 0 });
  expect(a.received?.heard[1]).toEqual({ unique: 20, exact: true, first: 0, after: 20, duplicates: 0, reordered: 0 });
  expect(b.received?.heard[0]).toEqual({ unique: 17, exact: true, first: 1, after: 17, duplicates: 1, reordered: 1 });
  expect(b.ended).toBeGreaterThanOrEqual(a.sent?.last ?? 0);
});

it('ends early when all has come, and takes its turn', async () => {
  const job = made({ atOnce: 1, wave: 700, window: 20_000 });
  await net!.relay({});
  const began = Date.now();
  const [a, b] = await fleet(job);
  if (typeof a !== 'object' || typeof b !== 'object') throw new Error(`${a} ${b}`);
  expect([a, b].flatMap(({ received }) => received?.heard.map(({ unique }) => unique))).toEqual([20, 20, 20, 20]);
  expect((b.sent?.last ?? 0) - (a.sent?.last ?? 0)).toBeGreaterThan(500);
  expect(Date.now() - began).toBeLessThan(8000);
});

it('sends nothing when it is ended long after its start, and says what it could not do', async () => {
  const job = made({ patience: 0 });
  const late = agent('a', job);
  await late.ready;
  expect(await late.end()).toBe(0);
  expect(late.message).toThrow(/ENOENT/);
  const [deaf] = await fleet({ ...job, patience: 60_000, toInterface: 'none0', fromInterface: 'none1', window: 800 });
  expect(deaf).toMatchObject({
    joinError: { code: 'ENODEV', error: 'No such device' },
    sent: { tried: 0, errors: [{ code: 'ENODEV', packets: 1, error: 'No such device' }] },
  });
});
