/** Time stamps of pcapng: 64-bit counts of a unit that each interface declares. */
import type { CaptureRecord } from './capture-record.ts';

/** Sets a record's time from the two halves of its time stamp. */
export type Clock = (record: CaptureRecord, high: number, low: number) => void;

const TWO_32 = 0x1_0000_0000;

/**
 * Clock of an interface (draft-ietf-opsawg-pcapng §4.2).
 *
 * @param resolution if_tsresol: units of 10^-n seconds, or of 2^-n with the top bit set; 6 when the option is absent
 * @param offset if_tsoffset: seconds that are added
 */
export function makeClock(resolution: number, offset: number): Clock {
  const exponent = resolution & 0x7f;
  const base = resolution & 0x80 ? 2 : 10;
  // Up to here every step stays within the 53 bits of a number.
  const isPlain = exponent <= (base === 2 ? 20 : 9);
  return isPlain ? plainClock(base ** exponent, offset) : bigClock(BigInt(base) ** BigInt(exponent), offset);
}

/** Long division in digits of 16 bits. */
function plainClock(units: number, offset: number): Clock {
  const nanoseconds = 1e9 / units;
  return (record, high, low) => {
    const top = Math.floor(high / units);
    const middle = (high - top * units) * 0x10000 + (low >>> 16);
    const middleQuotient = Math.floor(middle / units);
    const bottom = (middle - middleQuotient * units) * 0x10000 + (low & 0xffff);
    const quotient = Math.floor(bottom / units);
    record.seconds = top * TWO_32 + middleQuotient * 0x10000 + quotient + offset;
    record.nanoseconds = Math.floor((bottom - quotient * units) * nanoseconds);
  };
}

/** Finer than that: rare, so that speed does not matter. */
function bigClock(units: bigint, offset: number): Clock {
  return (record, high, low) => {
    const stamp = (BigInt(high) << 32n) | BigInt(low);
    record.seconds = Number(stamp / units) + offset;
    record.nanoseconds = Number(((stamp % units) * 1_000_000_000n) / units);
  };
}
