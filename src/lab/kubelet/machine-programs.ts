/** Where this machine has the programs that images are made of. */
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { findProgram } from './tools.ts';

/** A program: its file, and the folder that has to be seen at its own place for it to run, when that is not /usr. */
export interface MachineProgram {
  readonly file: string;
  readonly prefix?: string;
}

/** Absent when the machine lacks it. Alternatives and other links are followed to the file. */
export function machineProgram(name: string): MachineProgram | undefined {
  const found = name === 'node' ? process.execPath : findProgram(name);
  if (found === undefined) return undefined;
  const file = realpathSync(found);
  return isSystem(file) ? { file } : { file, prefix: dirname(dirname(file)) };
}

function isSystem(path: string): boolean {
  return ['/usr/', '/bin/', '/sbin/'].some((start) => path.startsWith(start)) && !path.startsWith('/usr/local/');
}
