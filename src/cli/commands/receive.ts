import type { AgentMessage } from '../../agent/protocol.ts';
import type { TrafficMessage } from '../../agent/traffic.ts';
import type { Group } from '../../model/group.ts';
import type { LossLimit } from '../../probe/limits.ts';
import { FOREVER, newRun } from '../../probe/local-agent.ts';
import { BUFFER } from '../../probe/plan.ts';
import { type Reception, reception } from '../../probe/reception.ts';
import { joinErrorText } from '../../probe/say-error.ts';
import { receptionText } from '../../probe/traffic-text.ts';
import { EXIT } from '../exit.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';
import { groupsWithPorts, runHere } from '../traffic.ts';
import { VERSION } from '../version.ts';

export interface ReceiveOptions {
  readonly count?: number;
  readonly for?: number;
  readonly maxLoss?: LossLimit;
  readonly interface?: string;
  readonly source?: string;
  readonly buffer?: number;
  readonly output: 'text' | 'json' | 'jsonl';
}

/** Milliseconds between counts while it runs. */
const EVERY = 1000;

/**
 * `kmcast receive`: joins and counts. Exit status 0 when every group brought something (`--count` so many) with no more loss than
 * allowed, else 1.
 */
export async function receive(
  words: readonly string[],
  options: ReceiveOptions,
  globals: GlobalOptions,
): Promise<number> {
  const out = openTerminal(globals);
  const groups = groupsWithPorts(words).map(
    (group): Group => ({ ...group, ...(options.source === undefined ? {} : { source: options.source }) }),
  );
  const { maxLoss } = options;
  const wishes = {
    version: VERSION,
    groups,
    atLeast: options.count ?? 1,
    ...(maxLoss === undefined ? {} : { maxLoss }),
  };
  const opened: Extract<TrafficMessage, { type: 'receiving' }>[] = [];
  let counts: Extract<TrafficMessage, { type: 'counts' }> | undefined;
  let written = Promise.resolve();
  const event = (name: string, data: object): void => {
    if (options.output === 'jsonl')
      written = written.then(() => out.write(`${JSON.stringify({ event: name, ...data })}\n`));
  };
  const onMessage = (message: AgentMessage): void => {
    if (message.type === 'receiving') {
      opened.push(message);
      const group = words[Number(message.socket)] ?? '';
      if (message.error === undefined)
        out.say(`joined ${group}${message.interface === undefined ? '' : ` on ${message.interface}`}`);
      else out.say(joinErrorText(group, message));
      const { interface: on, buffer, error } = message;
      event('joined', {
        group,
        ...(on === undefined ? {} : { interface: on }),
        buffer,
        ...(error === undefined ? {} : { error }),
      });
    }
    if (message.type === 'counts') {
      counts = message;
      if (message.last) return;
      const now = reception(wishes, opened, message);
      event('counts', { groups: now.groups });
      out.progress(progressText(now));
    }
  };
  const { interrupted } = await runHere(
    {
      receive: {
        run: newRun(),
        duration: options.for ?? FOREVER,
        every: EVERY,
        sockets: groups.map(({ address, port = 0, source }, index) => ({
          id: String(index),
          group: address,
          port,
          ...(source === undefined ? {} : { source }),
          ...(options.interface === undefined ? {} : { interface: options.interface }),
        })),
        ...(options.count === undefined ? {} : { enough: options.count }),
        buffer: options.buffer ?? BUFFER,
      },
    },
    options.for,
    onMessage,
  );
  out.done();
  const report = reception(wishes, opened, counts);
  event('result', report);
  await written;
  if (options.output === 'json') await out.write(`${JSON.stringify(report, null, 2)}\n`);
  if (options.output === 'text') await out.write(`${receptionText(report, out.style)}\n`);
  // Without a bound, an interrupt is the way to end it.
  if (interrupted && (options.for !== undefined || options.count !== undefined)) return EXIT.interrupted;
  return report.ok ? EXIT.ok : EXIT.findings;
}

function progressText({ groups }: Reception): string {
  return groups
    .map(
      ({ group, received, senders }) =>
        `${group} ${received} from ${senders.length === 1 ? '1 sender' : `${senders.length} senders`}`,
    )
    .join(' · ');
}
