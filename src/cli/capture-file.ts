/** The file, or standard output, that packets are kept in. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { PcapngFile } from '../capture/pcapng-file.ts';
import { UserError } from './exit.ts';

export interface KeptFile {
  /** For a process of its own. */
  readonly descriptor: number;
  /** For packets that come to this process. */
  readonly file: PcapngFile;
  /** Resolves when the reader of standard output has gone away. */
  readonly gone: Promise<void>;
  close(): void;
}

const STDOUT = 1;

/** Throws UserError when the file cannot be made. */
export function openKept(path: string): KeptFile {
  if (path === '-') {
    const { promise, resolve } = deferred();
    const write = (bytes: Uint8Array): Promise<void> =>
      new Promise((done) => {
        process.stdout.write(bytes, (error) => {
          if (error !== null && error !== undefined) resolve();
          done();
        });
      });
    return { descriptor: STDOUT, file: new PcapngFile(write), gone: promise, close: () => {} };
  }
  let descriptor: number;
  try {
    descriptor = openSync(path, 'w', 0o600);
  } catch (error) {
    throw new UserError(`the packets cannot be written: ${(error as Error).message}`, {
      hint: 'name a file in a folder that you may write to, or - for standard output',
    });
  }
  const write = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  };
  return { descriptor, file: new PcapngFile(write), gone: new Promise(() => {}), close: () => closeSync(descriptor) };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
