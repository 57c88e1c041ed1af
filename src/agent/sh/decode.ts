/** Turns the frames of the shell's agent (agent.sh) into the protocol's messages. */
import type { AgentMessage, Phase } from '../protocol.ts';
import { parseOwners } from './owners.ts';

const FILE_LIMIT = 4 << 20;
const OUTPUT_LIMIT = 16 << 20;
/** Status of a program that was ended for taking too long. */
const TIMED_OUT = 124;

/** One frame: the words after its token, and what follows up to the next one. */
interface Frame {
  readonly words: readonly string[];
  readonly text: string;
}

/** Frames that belong to the message begun before them. */
const CONTINUES = new Set(['text', 'error', 'stdout', 'stderr', 'status', 'spaces', 'sockets', 'names']);

/** Takes frames one by one; those of one message are gathered until the next message begins. */
export class ShellDecoder {
  readonly #say: (message: AgentMessage) => void;
  #place = '';
  #pending: Frame[] = [];

  constructor(say: (message: AgentMessage) => void) {
    this.#say = say;
  }

  /** Takes a frame: its header's words, and its raw content. */
  frame(words: readonly string[], text: string): void {
    if (!CONTINUES.has(words[0] ?? '')) this.end();
    this.#pending.push({ words, text });
  }

  /** No more frames come, of this message or at all. */
  end(): void {
    const [head, ...rest] = this.#pending;
    this.#pending = [];
    if (head?.words[0] === 'place') this.#place = head.text;
    const message = head && messageOf(head, rest, this.#place);
    if (message) this.#say(message);
  }
}

function messageOf(head: Frame, rest: readonly Frame[], place: string): AgentMessage | undefined {
  const number = Number(head.words[1]);
  switch (head.words[0]) {
    case 'hello':
      return { type: 'hello', runtime: 'sh', version: '', uid: number };
    case 'entered':
      return { type: 'entered', place, pid: number };
    case 'refused':
      return { type: 'refused', place, error: head.text };
    case 'done':
      return { type: 'done', place };
    case 'failed':
      return failure(head, place, part(rest, 'error')?.text ?? '');
    case 'file':
      return fileOf(head, rest, place);
    case 'command':
      return commandOf(head, rest, place);
    case 'owners': {
      const [spaces = '', sockets = '', names = ''] = ['spaces', 'sockets', 'names'].map(
        (name) => part(rest, name)?.text,
      );
      return { type: 'owners', place, sockets: parseOwners(head.text, spaces, sockets, names) };
    }
    case 'end': {
      const cut = head.text === 'deadline' || head.text === 'stdin closed';
      return { type: 'end', reason: cut ? head.text : 'finished' };
    }
    default:
      return undefined;
  }
}

function fileOf(head: Frame, rest: readonly Frame[], place: string): AgentMessage {
  const error = part(rest, 'error')?.text;
  const text = part(rest, 'text')?.text ?? '';
  if (error !== undefined) return failure(head, place, error);
  if (Buffer.byteLength(text) > FILE_LIMIT) return failure(head, place, `longer than ${FILE_LIMIT} bytes`);
  return { type: 'file', place, phase: phaseOf(head), path: head.text, text };
}

function commandOf(head: Frame, rest: readonly Frame[], place: string): AgentMessage {
  const [stdout, stderr, end] = ['stdout', 'stderr', 'status'].map((name) => part(rest, name));
  // The status comes last, and is cut off with what is too much.
  if (!stdout || !stderr || !end) return failure(head, place, `printed more than ${OUTPUT_LIMIT} bytes`);
  const status = Number(end.words[1]);
  if (status === TIMED_OUT) return failure(head, place, 'did not end within 5 s');
  const root = head.words[2] === 'node' ? 'node' : 'here';
  const said = {
    phase: phaseOf(head),
    name: head.text,
    status,
    stdout: stdout.text,
    stderr: stderr.text,
    root,
  } as const;
  return { type: 'command', place, ...said };
}

function failure(head: Frame, place: string, error: string): AgentMessage {
  return { type: 'failed', place, phase: phaseOf(head), what: head.text, error };
}

function phaseOf(head: Frame): Phase {
  return head.words[1] === 'after' ? 'after' : 'before';
}

function part(frames: readonly Frame[], name: string): Frame | undefined {
  return frames.find(({ words }) => words[0] === name);
}
