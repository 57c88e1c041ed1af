/** Programs run to their end, with what they said when it was a bad one. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/** Resolves to stdout. Rejects with the program, its status and its stderr when the status is not 0. */
export function finished(child: ChildProcess, argv: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error) => reject(new Error(`${argv[0]} could not be run: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(out).toString());
      const said = Buffer.concat(err).toString().trim() || Buffer.concat(out).toString().trim();
      reject(new Error(`${argv.join(' ')} ended with ${signal ?? code}${said === '' ? '' : `: ${said}`}`));
    });
    // A program that reads no input may be gone before it is written.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** Runs a program here, to its end. */
export function run(argv: readonly string[], input?: string, options: SpawnOptions = {}): Promise<string> {
  const [program = '', ...args] = argv;
  return finished(spawn(program, args, { ...options, stdio: 'pipe' }), argv, input);
}
