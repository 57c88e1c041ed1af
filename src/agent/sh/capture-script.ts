/** A capture by tcpdump as a shell script: calls of the functions in capture.sh. */
import type { Mode } from '../bootstrap.ts';
import type { CaptureJob } from '../capture-job.ts';
import { tcpdumpProgram } from '../programs.ts';
import { quote } from './quote.ts';
import { entering } from './script.ts';

/** Kilobytes of the ring; tcpdump takes less where there is not as much memory. */
const BUFFER = 16_384;

/** The script for this job, whose one interface is captured. Text that the job carries is quoted. */
export function tcpdumpScript(job: CaptureJob, filter: string, mode: Mode): string {
  // Never promiscuous, no names for addresses, each packet at once.
  const argv = [
    '-p',
    '-n',
    '-U',
    '-w',
    '-',
    '-i',
    job.interfaces[0] ?? '',
    '-s',
    `${job.snapLength}`,
    '-B',
    `${BUFFER}`,
  ];
  const limit = job.packets === undefined ? [] : ['-c', `${job.packets}`];
  const words = [...argv, ...limit, filter].map(quote).join(' ');
  return [
    `MODE=${quote(mode)}`,
    tcpdumpProgram(),
    entering(
      job.enter,
      mode,
      (pid) => `capture ${Math.ceil(job.deadline)} ${pid} ${words}`,
      (error) => `deny ${quote(error)}`,
    ),
  ].join('\n');
}
