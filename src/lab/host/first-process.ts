/** The first process of a namespace: what it says when it is ready, and its end. */
import type { ChildProcess } from 'node:child_process';

export interface FirstProcess {
  /** Resolves when its output matches; rejects when it ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Rejects when it ends. */
  readonly lost: Promise<never>;
}

export function follow(child: ChildProcess, name: string): FirstProcess {
  let out = '';
  let err = '';
  let ended: Error | undefined;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of [...waiting]) look();
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    wake();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const lost = new Promise<never>((_, reject) => {
    const end = (why: string): void => {
      ended ??= new Error(`${name} ended: ${err.trim() || why}`);
      wake();
      reject(ended);
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code, signal) => end(`status ${signal ?? code}`));
  });
  lost.catch(() => {});
  const said = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(out);
        if (match === null && ended === undefined) return;
        waiting.delete(look);
        if (match !== null) resolve(match);
        else reject(ended);
      };
      waiting.add(look);
      look();
    });
  return { said, lost };
}
