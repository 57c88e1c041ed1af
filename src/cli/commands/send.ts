import type { AgentMessage } from '../../agent/protocol.ts';
import type { TrafficMessage } from '../../agent/traffic.ts';
import { FOREVER, newRun } from '../../probe/local-agent.ts';
import { sending } from '../../probe/sending.ts';
import { sendingText } from '../../probe/traffic-text.ts';
import { EXIT } from '../exit.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';
import { groupsWithPorts, runHere } from '../traffic.ts';
import { VERSION } from '../version.ts';

export interface SendOptions {
  readonly count?: number;
  readonly for?: number;
  readonly rate: number;
  readonly size: number;
  readonly ttl: number;
  readonly interface?: string;
  readonly source?: string;
  readonly output: 'text' | 'json' | 'jsonl';
}

/** Milliseconds between counts while it runs. */
const EVERY = 1000;

/** `kmcast send`: test datagrams to groups. Exit status 0 when the kernel took all of them, else 1. */
export async function send(words: readonly string[], options: SendOptions, globals: GlobalOptions): Promise<number> {
  const out = openTerminal(globals);
  const groups = groupsWithPorts(words);
  const run = newRun();
  let sent: Extract<TrafficMessage, { type: 'sent' }> | undefined;
  let written = Promise.resolve();
  const event = (name: string, data: object): void => {
    if (options.output === 'jsonl')
      written = written.then(() => out.write(`${JSON.stringify({ event: name, ...data })}\n`));
  };
  const onMessage = (message: AgentMessage): void => {
    if (message.type !== 'sent') return;
    sent = message;
    if (message.last) return;
    const now = sending(VERSION, run, groups, message);
    event('counts', { groups: now.groups });
    out.progress(now.groups.map((group) => `${group.group} ${group.sent} sent`).join(' · '));
  };
  const { count, rate, size, ttl, source } = options;
  const { interrupted } = await runHere(
    {
      send: {
        run,
        duration: options.for ?? FOREVER,
        every: EVERY,
        flows: groups.map(({ address, port = 0 }, index) => ({
          id: index + 1,
          to: address,
          port,
          ttl,
          size,
          rate,
          ...(count === undefined ? {} : { count }),
          ...(source === undefined ? {} : { source }),
          ...(options.interface === undefined ? {} : { interface: options.interface }),
        })),
      },
    },
    options.for,
    onMessage,
  );
  out.done();
  const report = sending(VERSION, run, groups, sent);
  event('result', report);
  await written;
  if (options.output === 'json') await out.write(`${JSON.stringify(report, null, 2)}\n`);
  if (options.output === 'text') await out.write(`${sendingText(report, out.style)}\n`);
  if (interrupted && (options.for !== undefined || count !== undefined)) return EXIT.interrupted;
  return report.ok ? EXIT.ok : EXIT.findings;
}
