/** Protocol Buffers' wire format (protobuf.dev/programming-guides/encoding): fields as they come, of numbers and bytes. */

export interface WireField {
  readonly number: number;
  /** A varint, or the bytes of a text, a message, a fixed32 or fixed64. */
  readonly value: bigint | Buffer;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Throws RangeError for what is cut off or no message. */
export function* wireFields(message: Buffer): Generator<WireField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a varint does not end');
  };
  const bytes = (length: number): Buffer => {
    if (at + length > message.length) throw new RangeError('a field is longer than its message');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    switch (Number(tag & 7n)) {
      case VARINT:
        yield { number, value: varint() };
        break;
      case FIXED64:
        yield { number, value: bytes(8) };
        break;
      case BYTES:
        yield { number, value: bytes(Number(varint())) };
        break;
      case FIXED32:
        yield { number, value: bytes(4) };
        break;
      default:
        throw new RangeError('an unknown wire type');
    }
  }
}

/** A field of text or of a message, shorter than 128 bytes. */
export function wireBytes(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([(number << 3) | BYTES, bytes.length]), bytes]);
}
