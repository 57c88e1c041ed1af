/** What an agent prints, as messages: JSON lines, or the frames of the shell's agent. */
import type { AgentMessage } from './protocol.ts';
import { ShellDecoder } from './sh/decode.ts';

/** Takes an agent's stdout in pieces of any size and says its messages. Lines that are not the agent's are skipped. */
export class AgentOutput {
  readonly #say: (message: AgentMessage) => void;
  readonly #mark: Buffer;
  readonly #shell: ShellDecoder;
  #pieces: Buffer[] = [];
  #frame: readonly string[] | undefined;
  #halfRead = false;

  /** `token` is that of the bootstrap. */
  constructor(token: string, say: (message: AgentMessage) => void) {
    this.#say = say;
    this.#mark = Buffer.from(`\n@${token} `);
    this.#shell = new ShellDecoder(say);
  }

  /** Takes the next piece. */
  push(chunk: Uint8Array): void {
    const before = this.#pieces.at(-1) ?? Buffer.alloc(0);
    const piece = Buffer.from(chunk);
    this.#pieces.push(piece);
    // A long message comes in many pieces: they are joined only when the last one can end it.
    const edge = Buffer.concat([before.subarray(-this.#mark.length), piece]);
    if (this.#halfRead || (this.#frame ? edge.includes(this.#mark) : piece.includes(10))) {
      this.#read(Buffer.concat(this.#pieces));
    }
  }

  /** The output is over. */
  end(): void {
    this.#read(Buffer.concat([...this.#pieces, Buffer.from('\n')]));
    this.#shell.end();
  }

  #read(data: Buffer): void {
    let rest = data;
    for (let next = this.#step(rest); next; next = this.#step(rest)) rest = next;
    this.#pieces = [rest];
    this.#halfRead = rest.includes(this.#mark);
  }

  /** Takes one message off the front, and returns what is left; undefined when there is no whole one. */
  #step(data: Buffer): Buffer | undefined {
    const header = data.indexOf(this.#mark);
    if (this.#frame) {
      if (header < 0) return undefined;
      const newline = data.indexOf(10, header + 1);
      if (newline < 0) return undefined;
      this.#shell.frame(this.#frame, data.toString('utf8', 0, header));
      return this.#begin(data, header, newline);
    }
    const start = data[0] === 10 ? 1 : 0;
    const newline = data.indexOf(10, start);
    if (newline < 0) return undefined;
    if (header >= 0 && header === start - 1) return this.#begin(data, header, newline);
    const message = parseMessage(data.toString('utf8', start, newline));
    if (message) this.#say(message);
    return data.subarray(newline);
  }

  #begin(data: Buffer, header: number, newline: number): Buffer {
    const words = data.toString('utf8', header + this.#mark.length, newline).split(' ');
    // The last frame has no content.
    this.#frame = words[0] === 'over' ? undefined : words;
    return data.subarray(newline + 1);
  }
}

function parseMessage(line: string): AgentMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // The agent is ours: what has a type is one of its messages.
    return typeof value === 'object' && value !== null && 'type' in value ? (value as AgentMessage) : undefined;
  } catch {
    return undefined;
  }
}
