/** Builds pcapng blocks, for tests. */

export type Order = 'little' | 'big';

export interface InterfaceOptions {
  readonly linkType: number;
  readonly snapLength?: number;
  readonly name?: string;
  /** if_tsresol's byte. */
  readonly resolution?: number;
  /** if_tsoffset, seconds. */
  readonly offset?: number;
}

/** A writer of blocks in one byte order. */
export function blocks(order: Order) {
  const u16 = (value: number) => {
    const buffer = Buffer.alloc(2);
    if (order === 'little') buffer.writeUInt16LE(value);
    else buffer.writeUInt16BE(value);
    return buffer;
  };
  const u32 = (value: number) => {
    const buffer = Buffer.alloc(4);
    if (order === 'little') buffer.writeUInt32LE(value);
    else buffer.writeUInt32BE(value);
    return buffer;
  };
  const u64 = (value: bigint) => {
    const buffer = Buffer.alloc(8);
    if (order === 'little') buffer.writeBigUInt64LE(BigInt.asUintN(64, value));
    else buffer.writeBigUInt64BE(BigInt.asUintN(64, value));
    return buffer;
  };
  const stamp = (value: bigint) => Buffer.concat([u32(Number(value >> 32n)), u32(Number(value & 0xffffffffn))]);
  const padded = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const option = (code: number, value: Uint8Array) => Buffer.concat([u16(code), u16(value.length), padded(value)]);
  const block = (type: number, ...parts: Uint8Array[]) => {
    const body = Buffer.concat(parts);
    return Buffer.concat([u32(type), u32(body.length + 12), body, u32(body.length + 12)]);
  };
  return {
    block,
    section: () => block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u64(-1n)),
    interface: (options: InterfaceOptions) =>
      block(
        1,
        u16(options.linkType),
        u16(0),
        u32(options.snapLength ?? 0),
        ...(options.name === undefined ? [] : [option(2, Buffer.from(options.name))]),
        ...(options.resolution === undefined ? [] : [option(9, Uint8Array.of(options.resolution))]),
        ...(options.offset === undefined ? [] : [option(14, u64(BigInt(options.offset)))]),
        u32(0),
      ),
    enhanced: (id: number, time: bigint, data: Uint8Array, wireLength = data.length) =>
      block(6, u32(id), stamp(time), u32(data.length), u32(wireLength), padded(data)),
    old: (id: number, time: bigint, data: Uint8Array, wireLength = data.length) =>
      block(2, u16(id), u16(0), stamp(time), u32(data.length), u32(wireLength), padded(data)),
    simple: (data: Uint8Array, wireLength = data.length) => block(3, u32(wireLength), padded(data)),
  };
}
