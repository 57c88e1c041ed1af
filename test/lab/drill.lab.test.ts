/** A drill as an operator has it: what is told, what the keys do, when it is over. */
import { execFileSync, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN, lab, runtimeFolder } from './host/kit.ts';

const runtime = runtimeFolder();
const env = { ...process.env, XDG_RUNTIME_DIR: runtime, KUBECONFIG: `${runtime}/kmcast-lab/lab/kubeconfig` };

beforeAll(async () => {
  expect((await lab(runtime, 'up', '--fault', 'no-membership')).out).toContain('pod/rx in video does not get 239');
});
afterAll(async () => {
  await lab(runtime, 'down', '--all');
  await rm(runtime, { recursive: true });
});

/** What an operator does about a wrong port. */
function mend(): string {
  const words = 'kubectl -n video set env pod/rx PORT=5004 --dry-run=client -o yaml | kubectl replace --force -f -';
  execFileSync('sh', ['-c', words], { env, stdio: 'ignore' });
  return '';
}

/** Runs it on a terminal; `steps` are what is waited for on the screen, and what is typed or done then. */
function onTerminal(args: string, steps: readonly (readonly [RegExp, string | (() => string)])[]) {
  const child = spawn('script', ['-qec', `'${process.execPath}' '${BIN}' lab drill ${args}`, '/dev/null'], { env });
  let screen = '';
  let seen = 0;
  let at = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk;
    const step = steps[at];
    const found = step?.[0].exec(screen.slice(seen));
    if (step === undefined || !found) return;
    seen += found.index + found[0].length;
    at++;
    child.stdin.write(`${typeof step[1] === 'string' ? step[1] : step[1]()}\n`);
  });
  return new Promise<{ status: number | null; screen: string }>((resolve) =>
    child.on('close', (status) => resolve({ status, screen })),
  );
}

test('on a terminal: nothing yet, a hint, and the answer when the stream arrives', async () => {
  const { status, screen } = await onTerminal('--fault wrong-port', [
    [/give up/, ''],
    [/still nothing, 0:\d\d/, 'what'],
    [/what[\s\S]*give up/, 'H'],
    [/\(socket\)/, mend],
  ]);
  expect(status).toBe(0);
  expect(screen).toMatch(/arrives: 0:\d\d min\. It was wrong-port: .*\s+kmcast explain port-mismatch/);
  expect(screen.split('It was')[0]).not.toMatch(/wrong-port|port-mismatch|another port/);
  expect(screen).toContain(`export KUBECONFIG=${env.KUBECONFIG}`);
  expect((await lab(runtime, 'drill', '--check')).err).toContain('no drill goes on');
});

test('given up, it tells', async () => {
  const { status, screen } = await onTerminal('--fault wrong-port', [[/give up/, 'q']]);
  expect(status).toBe(1);
  expect(screen).toMatch(/It was wrong-port: /);
  expect(screen).toContain('kmcast doctor pod/rx -n video --group 239.10.10.10:5004');
});

test('without a terminal it breaks and returns, and --check judges', async () => {
  const begun = await lab(runtime, 'drill', '--seed', '5');
  expect([begun.status, begun.err]).toEqual([0, expect.stringContaining('--check')]);
  expect((await lab(runtime, 'drill', '--check')).out).toMatch(/^still nothing/);
  expect((await lab(runtime, 'drill', '--fault', 'wrong-port')).status).toBe(0);
  mend();
  expect(await lab(runtime, 'drill', '--check')).toMatchObject({
    status: 0,
    out: expect.stringMatching(/^arrives: 0:/),
  });
  expect((await lab(runtime, 'drill', '--check')).status).toBe(3);
  await lab(runtime, 'drill', '--fault', 'wrong-port');
  await lab(runtime, 'heal');
  expect((await lab(runtime, 'drill', '--check')).err).toContain('no drill goes on');
});

test('a fault that does not exist is refused before anything is done', async () => {
  const run = await lab(runtime, 'drill', '--fault', 'wrong-prt');
  expect([run.status, run.err]).toEqual([2, expect.stringContaining('did you mean wrong-port')]);
});
