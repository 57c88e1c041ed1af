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
