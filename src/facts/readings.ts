/** What an agent said of one place in one phase, by what was asked for: the answer, or why there is none. */
import type { AgentMessage, Phase } from '../agent/protocol.ts';
import { type Fact, isKnown, known, unknown } from '../model/fact.ts';
import { type NetlinkMessage, readDump } from './netlink/reader.ts';
import { type CommandName, type DumpName, programOf } from './reads.ts';

export type CommandMessage = Extract<AgentMessage, { type: 'command' }>;

export interface Readings {
  /** Files that were read, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Commands that ran, whatever their status. */
  readonly commands: readonly CommandMessage[];
  /** One file. */
  file(path: string): Fact<string>;
  /** A dump's messages. */
  dump(name: DumpName): Fact<readonly NetlinkMessage[]>;
  /** What a command printed, when its status was 0. */
  output(name: CommandName): Fact<string>;
  /** Process of each socket inode. */
  readonly owners: ReadonlyMap<number, { readonly pid: number; readonly command: string }>;
}

/** Sorts the messages of one place. */
export function readingsOf(messages: readonly AgentMessage[], phase: Phase): Readings {
  const files = new Map<string, string>();
  const dumps = new Map<string, string>();
  const commands = new Map<string, CommandMessage>();
  const failures = new Map<string, string>();
  const owners = new Map<number, { pid: number; command: string }>();
  const silence = reasonForSilence(messages, phase);
  for (const message of messages) {
    if (message.type === 'owners') addOwners(owners, message.sockets);
    else if (!('phase' in message) || message.phase !== phase) continue;
    else if (message.type === 'file') files.set(message.path, message.text);
    else if (message.type === 'netlink') dumps.set(message.name, message.data);
    else if (message.type === 'command') commands.set(message.name, message);
    else failures.set(message.what, message.error);
  }
  const missing = (what: string, shown: string) => unknown(reason(shown, failures.get(what), silence));
  return {
    files,
    commands: [...commands.values()],
    owners,
    file: (path) => {
      const text = files.get(path);
      return text === undefined ? missing(path, path) : known(text);
    },
    dump: (name) => {
      const data = dumps.get(name);
      return data === undefined ? missing(name, 'netlink') : dumped(data);
    },
    output: (name) => {
      const command = commands.get(name);
      return command === undefined ? missing(name, programOf(name)) : printed(command);
    },
  };
}

/**
 * A file that kernels without the feature do not have: empty when it is not there, as systems and shells word ENOENT. ("not
 * found" is what shells say of a missing program.)
 */
export function optional(file: Fact<string>): Fact<string> {
  return !isKnown(file) && /ENOENT|no such file/i.test(file.unknown) ? known('') : file;
}

/** Why nothing at all was said of something. An agent that fails as a whole says so under its own name, in the phase before the look. */
function reasonForSilence(messages: readonly AgentMessage[], phase: Phase): string {
  for (const message of messages) {
    if (message.type === 'refused') return message.error;
    if (message.type === 'failed' && message.what === 'agent') return `the agent failed: ${message.error}`;
  }
  if (!messages.some((message) => message.type === 'done')) return 'the agent stopped before it was read';
  return phase === 'before' ? 'it was not asked for' : 'it was not read again after the look';
}

/** Of several processes that hold one socket the first one, whose pid is lowest, tells most. */
function addOwners(
  owners: Map<number, { pid: number; command: string }>,
  sockets: readonly { inode: number; pid: number; command: string }[],
): void {
  for (const { inode, pid, command } of sockets) if (!owners.has(inode)) owners.set(inode, { pid, command });
}

function reason(shown: string, failure: string | undefined, silence: string): string {
  return failure === undefined ? silence : `${shown}: ${failure}`;
}

function dumped(data: string): Fact<readonly NetlinkMessage[]> {
  const { messages, errno } = readDump(Buffer.from(data, 'base64'));
  return errno === undefined ? known(messages) : unknown(`netlink: error ${errno}`);
}

function printed(command: CommandMessage): Fact<string> {
  if (command.status === 0) return known(command.stdout);
  const words = command.stderr.trim().split('\n')[0] ?? '';
  return unknown(
    `${command.name} ended with status ${command.status}${words === '' ? '' : `: ${words.slice(0, 200)}`}`,
  );
}
