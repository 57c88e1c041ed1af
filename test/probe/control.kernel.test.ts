import { expect, it } from 'vitest';
import { AgentControl } from '../../src/agent/control.ts';
import type { AgentMessage } from '../../src/agent/protocol.ts';
import { startChild } from '../../src/vantage/child-process.ts';
import { runAgent } from '../../src/vantage/run-agent.ts';
import { here } from '../agent/runtimes.ts';

it.each(['python3', 'node'])('%s tells its time, and halts when asked', async (runtime) => {
  const job = here(
    { receive: { run: '00'.repeat(8), duration: 9000, every: 0, sockets: [{ id: 'u', port: 5011 }] } },
    10,
  );
  const messages: AgentMessage[] = [];
  const control = new AgentControl();
  const began = Date.now();
  const end = await runAgent(
    (command) => (command.command[0] === runtime ? startChild(command) : Promise.resolve({ kind: 'exited', code: 97 })),
    job,
    'container',
    (message) => {
      messages.push(message);
      if (message.type === 'receiving') control.clock(5);
      if (message.type === 'clock') control.halt();
    },
    undefined,
    control,
  );
  expect(end).toEqual({ complete: true });
  expect(Date.now() - began).toBeLessThan(4000);
  const clock = messages.find((message) => message.type === 'clock');
  expect(clock).toMatchObject({ id: '5' });
  expect(Math.abs((clock?.at ?? 0) / 1000 - Date.now())).toBeLessThan(4000);
  expect(messages.filter(({ type }) => type === 'counts')).toHaveLength(1);
});

it('passes by runtimes that cannot count', async () => {
  const job = here({ send: { run: '00'.repeat(8), duration: 10, every: 0, flows: [] } });
  const tried: string[] = [];
  const running = runAgent(
    (command) => {
      tried.push(command.command[0] ?? '');
      return startChild({
        ...command,
        command: command.command[0] === 'perl' ? command.command : ['sh', '-c', 'exit 97'],
      });
    },
    job,
    'container',
    () => {},
  );
  await expect(running).rejects.toThrow(/^no python3 or node there/);
  expect(tried).toEqual(['sh', 'python3', 'perl', 'node']);
});

it.each(['python3', 'node'])('%s opens its socket, says so, and sends when it may', async (runtime) => {
  const flow = { id: 1, to: '239.9.1.2', port: 5009, ttl: 0, size: 60, count: 5, rate: 1000 };
  const job = here({ send: { run: '00'.repeat(8), duration: 3000, every: 0, wait: true, flows: [flow] } }, 10);
  const control = new AgentControl();
  const said: Extract<AgentMessage, { type: 'sent' }>[] = [];
  await runAgent(
    (command) => (command.command[0] === runtime ? startChild(command) : Promise.resolve({ kind: 'exited', code: 97 })),
    job,
    'container',
    (message) => {
      if (message.type !== 'sent') return;
      said.push(message);
      setTimeout(() => control.go(), 300);
    },
    undefined,
    control,
  );
  expect(said.map(({ last, flows }) => [last, flows[0]?.tried])).toEqual([
    [false, 0],
    [true, 5],
  ]);
  expect(said[0]?.flows[0]?.port).toBe(said[1]?.flows[0]?.port);
  expect((said[1]?.flows[0]?.began ?? 0) - (said[0]?.at ?? 0)).toBeGreaterThan(250_000);
});
