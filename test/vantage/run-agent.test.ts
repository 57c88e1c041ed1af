import { expect, it } from 'vitest';
import type { ExecEnd } from '../../src/cluster/cluster.ts';
import { localVantage } from '../../src/vantage/local.ts';
import { type AgentCommand, AgentNotStarted, runAgent } from '../../src/vantage/run-agent.ts';

const JOB = { kind: 'observe', deadline: 5, places: [] } as const;

/** A place where each program answers as listed; others are not there. */
function place(answers: Record<string, (command: AgentCommand) => ExecEnd>): {
  start: (command: AgentCommand) => Promise<ExecEnd>;
  tried: string[];
} {
  const tried: string[] = [];
  const start = async (command: AgentCommand): Promise<ExecEnd> => {
    const program = command.command[0]!;
    tried.push(program);
    return answers[program]?.(command) ?? { kind: 'not-started', message: `${program} not found` };
  };
  return { start, tried };
}

function says(text: string, end: ExecEnd): (command: AgentCommand) => ExecEnd {
  return ({ onStdout }) => {
    onStdout(Buffer.from(text));
    return end;
  };
}

const HELLO = '{"type":"hello","runtime":"python3","version":"3","uid":0}\n';
const DONE: ExecEnd = { kind: 'exited', code: 0 };

it('goes on to the next program where one is missing', async () => {
  const { start, tried } = place({ perl: says(`${HELLO}{"type":"end","reason":"finished"}\n`, DONE) });
  expect(await runAgent(start, JOB, 'container', () => {})).toEqual({ complete: true });
  expect(tried).toEqual(['sh', 'python3', 'perl']);
});

it('names what was tried where there is nothing', async () => {
  const { start } = place({ node: () => ({ kind: 'exited', code: 127 }) });
  const failure = await runAgent(start, JOB, 'container', () => {}).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(AgentNotStarted);
  expect(failure).toMatchObject({
    noRuntime: true,
    message: expect.stringMatching(/^no shell.*sh: sh not found; .*node: exit status 127/),
  });
});

it('does not try again where the way itself is broken', async () => {
  const { start, tried } = place({ sh: () => ({ kind: 'interrupted', message: 'the connection broke' }) });
  await expect(runAgent(start, JOB, 'container', () => {})).rejects.toMatchObject({
    noRuntime: false,
    message: 'the connection broke',
  });
  expect(tried).toEqual(['sh']);
});

it('keeps what was said when it is cut off, and says what cut it', async () => {
  const cut = place({ sh: says(HELLO, { kind: 'interrupted', message: 'the connection broke' }) });
  expect(await runAgent(cut.start, JOB, 'container', () => {})).toEqual({
    complete: false,
    problem: 'the agent was cut off: the connection broke',
  });
  const late = place({ sh: says(`${HELLO}{"type":"end","reason":"deadline"}\n`, DONE) });
  expect(await runAgent(late.start, JOB, 'container', () => {})).toEqual({
    complete: false,
    problem: 'the agent reached its deadline',
  });
});

it('runs on this machine', async () => {
  const types: string[] = [];
  const end = await localVantage().run(JOB, ({ type }) => types.push(type));
  expect(end).toEqual({ complete: true });
  expect(types).toEqual(['hello', 'end']);
});
