/** What was sent and received on this machine, as text. */
import { oneLine } from '../report/printable.ts';
import type { Style } from '../report/style.ts';
import { tableLines } from '../report/table.ts';
import type { Heard, ReceivedGroup, Reception } from './reception.ts';
import type { Sending, SentGroup } from './sending.ts';

export function receptionText(report: Reception, s: Style): string {
  return report.groups.map((group) => receivedLines(group, s).join('\n')).join('\n\n');
}

function receivedLines(group: ReceivedGroup, s: Style): string[] {
  const on = group.interface === undefined ? '' : ` on ${oneLine(group.interface)}`;
  const head = s.strong(`${group.group}${on}`);
  if (group.error !== undefined) return [head, s.bad(oneLine(group.error, 500))];
  const overflow = group.bufferOverflow ?? 0;
  return [
    head,
    ...(group.senders.length === 0
      ? [s.bad('nothing came')]
      : tableLines(
          ['FROM', 'RECEIVED', 'LOST', 'DOUBLE', 'LATE', 'RATE', 'SIZE', 'TTL', ''],
          group.senders.map(cells),
          NUMBERS,
        )),
    ...(overflow === 0
      ? []
      : [
          s.bad(
            `${overflow} more reached this host and were dropped: the receive buffer of ${group.buffer} bytes was full`,
          ),
          'ask for more with --buffer; the kernel grants what net.core.rmem_max allows',
        ]),
  ];
}

const NUMBERS = [1, 2, 3, 4, 5, 6];

function cells(heard: Heard): string[] {
  return [
    heard.from,
    String(heard.received),
    told(heard.lost),
    told(heard.duplicates),
    told(heard.reordered),
    heard.rate === undefined ? '' : `${heard.rate}/s`,
    `${Math.round(heard.bytes / heard.received)} B`,
    heard.ttl === 'unknown' ? 'unknown' : heard.ttl.join(', '),
    heard.kmcast ? 'kmcast' : '',
  ];
}

function told(count: number | undefined): string {
  return count === undefined ? '-' : String(count);
}

export function sendingText(report: Sending, s: Style): string {
  return report.groups.flatMap((group) => sentLines(group, s)).join('\n');
}

function sentLines(group: SentGroup, s: Style): string[] {
  const from = group.from === undefined ? '' : ` from ${group.from}`;
  const on = group.interface === undefined ? '' : ` on ${oneLine(group.interface)}`;
  return [
    `${s.strong(group.group)}  ${group.sent} sent${from}${on}`,
    ...group.errors.map(({ packets, error }) =>
      s.bad(oneLine(`${packets > 1 ? `${packets} not sent: ` : ''}${error}`, 500)),
    ),
  ];
}
