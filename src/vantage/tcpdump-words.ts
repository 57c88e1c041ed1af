/** What tcpdump says on stderr, as messages of a capture. */
import type { CaptureMessage } from '../agent/capture-job.ts';

/** The message that a line stands for, if it is one: that it listens, and in the end what it lost. */
export function tcpdumpMessage(line: string, interfaces: readonly string[]): CaptureMessage | undefined {
  if (/(?:^|: )listening on .+, link-type /.test(line)) return { type: 'began', interfaces };
  const lost = /^(\d+) packets? dropped by kernel/.exec(line);
  return lost === null ? undefined : { type: 'lost', packets: Number(lost[1]) };
}
