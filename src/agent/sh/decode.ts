/** Turns the frames of the shell's agent (agent.sh) into the protocol's messages. */
import type { AgentMessage, Phase } from '../protocol.ts';
import { parseOwners } from './owners.ts';

const FILE_LIMIT = 4 << 20;
const OUTPUT_LIMIT = 16 << 20;
const TIMED_OUT = 124;

/** One frame: the words after its token, and the bytes that follow, as text. */
interface Frame {
  readonly words: readonly string[];
  readonly text: string;
}

/** Frames come one by one; what belongs to one message is gathered until the next message's first frame. */
export class ShellDecoder {
  readonly #say: (message: AgentMessage) => void;
  #place = '';
  #pending: Frame[] = [];

  constructor(say: (message: AgentMessage) => void) {
    this.#say = say;
  }

  /** Takes a frame: its header's words, and its raw content. */
  frame(words: readonly string[], text: string): void {
    const kind = words[0] ?? '';
    if (!CONTINUES.has(kind)) this.#flush();
    this.#pending.push({ words, text });
  }

  /** No more frames come. */
  end(): void {
    this.#flush();
  }

  #flush(): void {
    const [head, ...rest] = this.#pending;
    this.#pending = [];
    if (!head) return;
    const part = (name: string): string | undefined => rest.find((frame) => frame.words[0] === name)?.text;
    const place = this.#place;
    const phase: Phase = head.words[1] === 'after' ? 'after' : 'before';
    const failed = (error: string): void => this.#say({ type: 'failed', place, phase, what: head.text, error });
    switch (head.words[0]) {
      case 'hello':
        return this.#say({ type: 'hello', runtime: 'sh', version: '', uid: Number(head.words[1]) });
      case 'place':
        this.#place = head.text;
        return;
      case 'entered':
        return this.#say({ type: 'entered', place, pid: Number(head.words[1]) });
      case 'refused':
        return this.#say({ type: 'refused', place, error: head.text });
      case 'done':
        return this.#say({ type: 'done', place });
      case 'failed':
        return failed(part('error') ?? 'failed');
      case 'file':
        return this.#file(head, failed, part('text') ?? '', part('error'));
      case 'command':
        return this.#command(head, failed, rest);
      case 'owners':
        return this.#say({
          type: 'owners',
          place,
          sockets: parseOwners(head.text, part('spaces') ?? '', part('sockets') ?? '', part('names') ?? ''),
        });
      case 'end':
        return this.#say({
          type: 'end',
          reason: head.text === 'deadline' || head.text === 'stdin closed' ? head.text : 'finished',
        });
    }
  }

  #file(head: Frame, failed: (error: string) => void, text: string, error: string | undefined): void {
    const phase: Phase = head.words[1] === 'after' ? 'after' : 'before';
    if (error !== undefined) failed(error);
    else if (text.length > FILE_LIMIT) failed(`longer than ${FILE_LIMIT} bytes`);
    else this.#say({ type: 'file', place: this.#place, phase, path: head.text, text });
  }

  #command(head: Frame, failed: (error: string) => void, rest: readonly Frame[]): void {
    const [stdout, stderr, end] = ['stdout', 'stderr', 'status'].map((name) =>
      rest.find((frame) => frame.words[0] === name),
    );
    const status = Number(end?.words[1]);
    // The status comes last, and is cut off with what is too much.
    if (!end || !stdout || !stderr) return failed(`printed more than ${OUTPUT_LIMIT} bytes`);
    if (status === TIMED_OUT) return failed('did not end within 5 s');
    this.#say({
      type: 'command',
      place: this.#place,
      phase: head.words[1] === 'after' ? 'after' : 'before',
      name: head.text,
      status,
      stdout: stdout.text,
      stderr: stderr.text,
      root: head.words[2] === 'node' ? 'node' : 'here',
    });
  }
}

const CONTINUES = new Set(['text', 'error', 'stdout', 'stderr', 'status', 'spaces', 'sockets', 'names']);
