/** Starts an agent in any place where there is a shell, Python, Perl or Node: the command, and what goes to its stdin. */
import { randomBytes } from 'node:crypto';
import type { CaptureJob } from './capture-job.ts';
import { CAPTURE_LOADER, NODE_LOADER, PERL_LOADER, PYTHON_LOADER, SHELL_LOADER, SHELL_READER } from './loaders.ts';
import { captureProgram, programs } from './programs.ts';
import type { ObserveJob } from './protocol.ts';
import { tcpdumpScript } from './sh/capture-script.ts';
import { shellScript } from './sh/script.ts';

/**
 * `node`: pid 1 is the node's, whose files are under /proc/1/root, and other namespaces may be entered.
 * `container`: neither.
 */
export type Mode = 'node' | 'container';

/** What an agent is started with. */
export interface Bootstrap {
  /** Commands to try in this order, each when the one before it could not be started: most places have a shell. */
  readonly commands: readonly (readonly string[])[];
  /** The programs and the job. It must stay open afterwards: when it closes, the agent ends. */
  readonly stdin: Uint8Array;
  /** Marks the frames of the shell's agent (see AgentOutput). */
  readonly token: string;
  /** What must be there, for people. */
  readonly runtimes: string;
}

/** How to start an agent for `job`; every call makes a token of its own. */
export function bootstrap(job: ObserveJob, mode: Mode): Bootstrap {
  const token = randomBytes(8).toString('hex');
  const { python, perl, node } = programs();
  const isTraffic = job.places.some((place) => place.receive !== undefined || place.send !== undefined);
  // Neither a shell nor Perl can join and count: they pass on.
  const shell = `${isTraffic ? 'exit 97' : shellScript(job, mode, token)}\n#${token}\n`;
  const perlLoader = isTraffic ? 'exit 97' : PERL_LOADER;
  const parts = [shell, JSON.stringify(job), python, perl, node].map((part) => Buffer.from(part));
  return {
    commands: [
      ['sh', '-c', SHELL_LOADER, 'kmcast', mode, PYTHON_LOADER, perlLoader, NODE_LOADER],
      ['python3', '-ES', '-c', PYTHON_LOADER],
      ['perl', '-e', perlLoader],
      ['node', '-e', NODE_LOADER],
    ],
    stdin: stdinOf(mode, parts, token),
    token,
    runtimes: isTraffic ? 'python3 or node' : 'shell, python3, perl or node',
  };
}

/** How to start a capture's agent. Its output has no frames, and so needs no token. */
export function captureBootstrap(job: CaptureJob, mode: Mode): Omit<Bootstrap, 'token'> {
  if (job.tcpdump !== undefined) {
    const end = randomBytes(8).toString('hex');
    const script = Buffer.from(`${tcpdumpScript(job, job.tcpdump, mode)}\n#${end}\n`);
    return { commands: [['sh', '-c', SHELL_READER]], stdin: stdinOf(mode, [script], end), runtimes: 'tcpdump' };
  }
  const parts = ['', JSON.stringify(job), captureProgram(), '', ''].map((part) => Buffer.from(part));
  return {
    commands: [
      ['sh', '-c', CAPTURE_LOADER, 'kmcast', mode, PYTHON_LOADER],
      ['python3', '-ES', '-c', PYTHON_LOADER],
    ],
    stdin: stdinOf(mode, parts, 'none'),
    runtimes: 'python3',
  };
}

/** A line that tells the parts' lengths, and the parts. */
function stdinOf(mode: Mode, parts: readonly Buffer[], token: string): Uint8Array {
  const header = `kmcast ${mode} ${parts.map((part) => part.length).join(' ')} ${token}\n`;
  return Buffer.concat([Buffer.from(header), ...parts]);
}
