import type { Readable, Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ContainerProcess } from '../../pod-runtime.ts';

/** Best first: v5 adds the end of stdin (Kubernetes KEP-4006), v4 the status with an exit code. */
export const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** The first byte of each message (Kubernetes remotecommand). */
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;
const CLOSE = 255;

/** As a kubelet's. */
const PIECE = 32 << 10;
/** Unsent output above this makes the process wait. */
const UNSENT = 1 << 20;

/** A process's streams over one WebSocket, until it ends or the client goes. A slow side makes the other wait. */
export class ExecStream {
  readonly #socket: WebSocket;
  readonly #process: ContainerProcess;

  constructor(socket: WebSocket, process: ContainerProcess, wantsStdin: boolean) {
    this.#socket = socket;
    this.#process = process;
    const stdin = wantsStdin ? process.stdin : undefined;
    stdin?.on('error', () => undefined);
    socket.on('message', (data: Buffer) => this.#take(data, stdin));
    socket.on('error', () => undefined);
    socket.on('close', () => process.release());
    void this.#run();
  }

  /** The end without a beginning: `status` says why it could not start. */
  static refuse(socket: WebSocket, status: object): void {
    socket.on('error', () => undefined);
    socket.send(message(STATUS, Buffer.from(JSON.stringify(status))));
    socket.close(1000);
  }

  async #run(): Promise<void> {
    const { stdout, stderr, ended } = this.#process;
    // The code counts, and comes when all output was sent.
    const code = ended.catch((error: unknown) => error);
    await Promise.all([
      this.#forward(stdout, STDOUT),
      stderr === undefined ? undefined : this.#forward(stderr, STDERR),
    ]);
    const status = statusOf(await code);
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(message(STATUS, Buffer.from(JSON.stringify(status))));
    this.#socket.close(1000);
  }

  async #forward(stream: Readable, channel: number): Promise<void> {
    try {
      for await (const chunk of stream) {
        const data = Buffer.from(chunk);
        for (let at = 0; at < data.length; at += PIECE) await this.#send(channel, data.subarray(at, at + PIECE));
      }
    } catch {
      // A stream that breaks off has ended.
    }
  }

  async #send(channel: number, data: Buffer): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const sent = new Promise<void>((resolve) => this.#socket.send(message(channel, data), () => resolve()));
    if (this.#socket.bufferedAmount > UNSENT) await sent;
  }

  #take(data: Buffer, stdin: Writable | undefined): void {
    if (data[0] === CLOSE && data[1] === STDIN) stdin?.end();
    // Resizing is for terminals, which the lab does not size.
    if (data[0] !== STDIN || data.length === 1 || stdin === undefined || !stdin.writable) return;
    if (stdin.write(data.subarray(1))) return;
    this.#socket.pause();
    const resume = (): void => {
      stdin.off('drain', resume).off('close', resume);
      this.#socket.resume();
    };
    stdin.on('drain', resume).on('close', resume);
  }
}

/** meta/v1 Status, as a kubelet writes it for an exit code. */
function statusOf(end: unknown): object {
  if (end === 0) return { metadata: {}, status: 'Success' };
  if (typeof end !== 'number') {
    const message = end instanceof Error ? end.message : String(end);
    return { metadata: {}, status: 'Failure', reason: 'InternalError', message, code: 500 };
  }
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${end}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(end) }] },
  };
}

function message(channel: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.of(channel), data]);
}
