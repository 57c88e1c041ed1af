import { fileU16, fileU32 } from './byte-order.ts';
import type { CaptureInterface } from './capture-record.ts';
import { type Clock, makeClock } from './pcapng-time.ts';

/** An interface of the current section. */
export interface PcapngInterface extends CaptureInterface {
  readonly clock: Clock;
}

const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
const MICROSECONDS = 6;

/** Reads the body of an Interface Description Block, which is `bytes[start, end)` and at least 8 bytes long. */
export function readInterface(bytes: Uint8Array, start: number, end: number, little: boolean): PcapngInterface {
  let name: string | undefined;
  let resolution = MICROSECONDS;
  let offset = 0;
  for (let at = start + 8; at + 4 <= end; ) {
    const code = fileU16(bytes, at, little);
    const length = fileU16(bytes, at + 2, little);
    const value = at + 4;
    if (code === 0 || value + length > end) break;
    if (code === IF_NAME) name = text(bytes.subarray(value, value + length));
    if (code === IF_TSRESOL && length >= 1) resolution = bytes[value]!;
    if (code === IF_TSOFFSET && length >= 8) offset = seconds(bytes, value, little);
    at = value + ((length + 3) & ~3);
  }
  return {
    linkType: fileU16(bytes, start, little),
    snapLength: fileU32(bytes, start + 4, little),
    ...(name === undefined ? {} : { name }),
    clock: makeClock(resolution, offset),
  };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/\0+$/, '');
}

function seconds(bytes: Uint8Array, at: number, little: boolean): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigInt64(0, little));
}
