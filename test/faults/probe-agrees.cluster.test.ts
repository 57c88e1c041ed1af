/**
 * Where `kmcast probe` says that datagrams died is the place that doctor's root cause speaks of, for every fault of the harness beside this
 * checkout (or of the folder that FAULTS names): of the way, or of an application, to which the way is sound.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../src/doctor/rules/index.ts';
import { placesOf, type Spoken } from '../../src/probe/place.ts';
import type { ProbeReport } from '../../src/probe/probe-report.ts';
import { checkBuild } from '../e2e/kit.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = process.env.KMCAST_BIN ?? `${ROOT}/bin/kmcast.js`;
const HARNESS = fileURLToPath(new URL('../../../shared/faults', import.meta.url));
const FAULTS = process.env.FAULTS ?? HARNESS;
const NAMES = existsSync(FAULTS)
  ? readdirSync(FAULTS)
      .filter((file) => file.endsWith('.sh') && file !== 'lib.sh')
      .map((file) => file.replace(/\.sh$/, ''))
  : [];

/** What `hold` says of a fault. */
interface Fault {
  readonly target: string;
  readonly namespace: string;
  readonly group: string;
  readonly sender: string;
  readonly source?: string;
  readonly expect: readonly string[];
}

let holding: ChildProcess | undefined;
afterEach(async () => {
  const child = holding;
  holding = undefined;
  if (child === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.on('exit', resolve));
  child.stdin?.end();
  await ended;
});

/** Undefined where the fault needs another pod network. */
function hold(name: string): Promise<Fault | undefined> {
  const child = spawn(`${ROOT}/test/faults/hold`, [name], {
    env: { ...process.env, FAULTS, HARNESS },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  holding = child;
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(JSON.parse(data.toString())));
    child.once('exit', (code) => (code === 9 ? resolve(undefined) : reject(new Error(`hold ended with ${code}`))));
  });
}

/** From the host outside the cluster, or from the pod or node that sends in this fault. */
function probe({ target, namespace, group, sender, source }: Fault): { status: number; report: ProbeReport } {
  const outside = [sender, target].includes('local');
  const from = ['--from', sender, ...(sender === 'local' ? ['--from-interface', 'eth1'] : [])];
  const to = ['--to', target, ...(target === 'local' ? ['--to-interface', 'eth1'] : [])];
  const wanted = ['-n', namespace, '--group', group, ...(source === undefined ? [] : ['--source', source])];
  const command = [process.execPath, BIN, 'probe', ...from, ...to, ...wanted, '-o', 'json'];
  const [file = '', ...args] = outside ? ['ip', 'netns', 'exec', 'kmc-outside', ...command] : command;
  try {
    return {
      status: 0,
      report: JSON.parse(execFileSync(file, args, { encoding: 'utf8', stdio: 'pipe', timeout: 100_000 })),
    };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    if (!stdout.startsWith('{')) throw new Error(`no report (status ${status}): ${stderr}`);
    return { status, report: JSON.parse(stdout) };
  }
}

/** Where these root causes show; an application's where there is none at all. */
function placesFor(causes: readonly string[]): Spoken[] {
  return causes.flatMap((cause) => {
    const rule = rules.find(({ id }) => id === cause);
    return rule === undefined ? ['application' as const] : placesOf({ rule: cause, stage: rule.stage });
  });
}

describe.skipIf(NAMES.length === 0)('of each fault, probe names the place that doctor’s root cause speaks of', () => {
  beforeAll(checkBuild);

  it.each(NAMES)('%s', async (name) => {
    const fault = await hold(name);
    if (fault === undefined) return console.log(`skip ${name}: it needs another pod network`);
    const { status, report } = probe(fault);
    const [path] = report.paths;
    const { at = 'application', before, findings = [] } = path?.died ?? {};
    console.log(
      `${name}: ${fault.expect.join(' or ')} → ${at}${before == null ? ', the way is sound' : `, not at ${before}`}`,
    );
    // Nobody can listen beside an application that does not share its port.
    if (path?.reason?.includes('EADDRINUSE'))
      return expect([status, path.way, path.died]).toEqual([3, 'unknown', undefined]);
    expect(placesFor(fault.expect)).toContain(at);
    if (at === 'application') {
      expect([status, report.verdict, path?.outcome, path?.way]).toEqual([0, 'passed', 'ok', 'sound']);
    } else {
      expect([status, report.verdict, path?.outcome, path?.way]).toEqual([1, 'failed', 'lost', 'broken']);
      expect(fault.expect).toContain(findings[0]?.rule);
    }
  });
});
