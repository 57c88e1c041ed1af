/**
 * Pipes for the output and input of containers. What child_process makes are sockets, which cannot be opened anew: `echo >/dev/stderr`
 * and `sh /dev/stdin` would fail in the container. These are FIFOs without a name (fifo(7)).
 */
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Node } from '../place.ts';
import { onNode } from './paths.ts';
import { runToEnd } from './run-to-end.ts';

/** One end is this process's, the other for the `stdio` of a child: close it with `given()` when the child has it. */
export interface Pipe {
  readonly stream: Socket;
  readonly file: number;
  given(): void;
}

/** FIFOs made by one process of mkfifo(1). */
const BATCH = 24;
const FOLDER = '/run/kubelet/pipes';

/** Those of a node: in its memory, so that nothing of them outlives the lab. */
interface Supply {
  readonly spare: string[];
  made: number;
  making?: Promise<void> | undefined;
}

const supplies = new WeakMap<Node, Supply>();

/** What a child writes. */
export async function outputPipe(node: Node): Promise<Pipe> {
  const path = await fifo(node);
  const own = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const file = openSync(path, constants.O_WRONLY);
  unlinkSync(path);
  return { stream: new Socket({ fd: own, readable: true, writable: false }), file, given: () => closeSync(file) };
}

/** What a child reads. */
export async function inputPipe(node: Node): Promise<Pipe> {
  const path = await fifo(node);
  // A FIFO can be opened to write only when someone reads; who reads for the child must not be non-blocking.
  const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const own = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const file = openSync(path, constants.O_RDONLY);
  closeSync(first);
  unlinkSync(path);
  const stream = new Socket({ fd: own, readable: false, writable: true });
  // Who writes to a process that has ended learns it from its end.
  stream.on('error', () => {});
  return { stream, file, given: () => closeSync(file) };
}

async function fifo(node: Node): Promise<string> {
  const supply = supplies.get(node) ?? { spare: [], made: 0 };
  supplies.set(node, supply);
  for (;;) {
    const path = supply.spare.pop();
    if (path !== undefined) return path;
    supply.making ??= make(node, supply).finally(() => {
      supply.making = undefined;
    });
    await supply.making;
  }
}

async function make(node: Node, supply: Supply): Promise<void> {
  const folder = onNode(node, FOLDER);
  await mkdir(folder, { recursive: true });
  const paths = Array.from({ length: BATCH }, () => `${folder}/${supply.made++}`);
  // Any user of a container may open its own output anew.
  await runToEnd(['mkfifo', '-m', '666', ...paths]);
  supply.spare.push(...paths);
}
