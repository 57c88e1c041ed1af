/**
 * Reads netlink dumps (netlink(7), rtnetlink(7)): a chain of nlmsghdr, each with a fixed body and a chain of rtattr.
 * Integers have the byte order of the node; little-endian is assumed (x86_64, aarch64, riscv64, ppc64le: every platform
 * but s390x that Kubernetes runs on). Truncated or odd bytes end a chain early and are never an error.
 */

/** One message: the bytes after its nlmsghdr. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly body: Uint8Array;
}

/** What a dump held. */
export interface NetlinkDumpContent {
  readonly messages: readonly NetlinkMessage[];
  /** errno that ended the dump (NLMSG_ERROR, or NLMSG_DONE with an error). */
  readonly errno?: number;
}

/** An attribute (struct rtattr). */
export interface Attribute {
  readonly type: number;
  readonly value: Uint8Array;
}

/** The last attribute of each type. */
export type Attributes = ReadonlyMap<number, Uint8Array>;

/** include/uapi/linux/netlink.h. */
const NLMSG_HEADER = 16;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLMSG_MIN_TYPE = 16;
const NLA_HEADER = 4;
/** Without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
const NLA_TYPE_MASK = 0x3fff;

/** The messages of a dump, control messages aside. */
export function readDump(bytes: Uint8Array): NetlinkDumpContent {
  const messages: NetlinkMessage[] = [];
  for (let offset = 0; offset + NLMSG_HEADER <= bytes.length; ) {
    const header = bytes.subarray(offset, offset + NLMSG_HEADER);
    const length = u32(header, 0) ?? 0;
    if (length < NLMSG_HEADER || offset + length > bytes.length) break;
    const type = u16(header, 4) ?? 0;
    const body = bytes.subarray(offset + NLMSG_HEADER, offset + length);
    const error = type === NLMSG_ERROR || type === NLMSG_DONE ? (s32(body, 0) ?? 0) : 0;
    if (error < 0) return { messages, errno: -error };
    if (type >= NLMSG_MIN_TYPE) messages.push({ type, flags: u16(header, 6) ?? 0, body });
    offset += align(length);
  }
  return { messages };
}

/** The attributes that follow a fixed header of `offset` bytes, in order. */
export function attributeList(bytes: Uint8Array, offset = 0): Attribute[] {
  const list: Attribute[] = [];
  for (let at = align(offset); at + NLA_HEADER <= bytes.length; ) {
    const length = u16(bytes, at) ?? 0;
    if (length < NLA_HEADER || at + length > bytes.length) break;
    list.push({ type: (u16(bytes, at + 2) ?? 0) & NLA_TYPE_MASK, value: bytes.subarray(at + NLA_HEADER, at + length) });
    at += align(length);
  }
  return list;
}

/** The attributes that follow a fixed header of `offset` bytes, by type; of a repeated one the last. */
export function attributes(bytes: Uint8Array, offset = 0): Attributes {
  return new Map(attributeList(bytes, offset).map(({ type, value }) => [type, value]));
}

/** Byte at `offset`; `undefined` beyond the end, as all of these. */
export function u8(bytes: Uint8Array | undefined, offset = 0): number | undefined {
  return bytes?.[offset];
}

/** Unsigned 16 bits, little-endian. */
export function u16(bytes: Uint8Array | undefined, offset = 0): number | undefined {
  return view(bytes, offset, 2)?.getUint16(0, true);
}

/** Unsigned 32 bits, little-endian. */
export function u32(bytes: Uint8Array | undefined, offset = 0): number | undefined {
  return view(bytes, offset, 4)?.getUint32(0, true);
}

/** Signed 32 bits, little-endian. */
export function s32(bytes: Uint8Array | undefined, offset = 0): number | undefined {
  return view(bytes, offset, 4)?.getInt32(0, true);
}

/** Unsigned 64 bits, little-endian, as a number: counters above 2^53 lose their last digits. */
export function u64(bytes: Uint8Array | undefined, offset = 0): number | undefined {
  const value = view(bytes, offset, 8)?.getBigUint64(0, true);
  return value === undefined ? undefined : Number(value);
}

/** Text up to its first NUL. */
export function text(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

function view(bytes: Uint8Array | undefined, offset: number, length: number): DataView | undefined {
  if (bytes === undefined || offset + length > bytes.length) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset + offset, length);
}

/** NLMSG_ALIGNTO and RTA_ALIGNTO are both 4. */
function align(length: number): number {
  return (length + 3) & ~3;
}
