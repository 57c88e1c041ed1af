import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import type { ContainerProcess, ExecRequest, PodRuntime } from '../../../src/lab/pod-runtime.ts';
import { StatusError } from '../../../src/lab/store.ts';

/** A kubelet whose containers are this machine: commands run here, and every log is the same. */
export class FakeRuntime implements PodRuntime {
  released = 0;
  readonly lines = new PassThrough();

  async exec({ command, stdin }: ExecRequest): Promise<ContainerProcess> {
    const [program = '', ...words] = command;
    const child = spawn(program, words, { stdio: 'pipe' });
    try {
      await once(child, 'spawn');
    } catch {
      const message = `Internal error occurred: error executing command in container: exec: "${program}": executable file not found in $PATH`;
      throw new StatusError(500, 'InternalError', message);
    }
    if (!stdin) child.stdin.end();
    const ended = new Promise<number>((resolve) =>
      child.once('close', (code, signal) => resolve(signal === null ? (code ?? 0) : 137)),
    );
    return {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      ended,
      release: () => {
        this.released++;
        child.kill('SIGKILL');
      },
    };
  }

  attach(request: Omit<ExecRequest, 'command'>): Promise<ContainerProcess> {
    return this.exec({ ...request, command: ['sh', '-c', 'echo attached; cat'] });
  }

  async logs({ follow, tailLines, previous, container }: Parameters<PodRuntime['logs']>[0]): Promise<Readable> {
    if (previous) throw new StatusError(400, 'BadRequest', `previous terminated container "${container}" not found`);
    const lines = ['one', 'two', 'three'].slice(tailLines === undefined ? 0 : -tailLines);
    const text = lines.map((line) => `${line}\n`).join('');
    if (!follow) return Readable.from([text]);
    this.lines.write(text);
    this.lines.emit('followed');
    return this.lines;
  }
}
