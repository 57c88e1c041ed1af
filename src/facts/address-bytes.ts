/** Binary addresses as the canonical text of `src/model/address.ts`. */
import { canonicalAddress } from '../model/address.ts';
import type { Family } from '../model/netns.ts';

/** Address of 4 or 16 bytes in network order; `undefined` for any other length. */
export function addressText(bytes: Uint8Array | undefined): string | undefined {
  if (bytes?.length === 4) return [...bytes].join('.');
  if (bytes?.length !== 16) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  return canonicalAddress(Array.from({ length: 8 }, (_, group) => view.getUint16(group * 2).toString(16)).join(':'));
}

/** `ADDRESS/LENGTH`; without bytes the family's default prefix (`0.0.0.0/0`, `::/0`), which is how the kernel says it. */
export function prefixText(bytes: Uint8Array | undefined, length: number, family: Family): string | undefined {
  const address = bytes === undefined ? (family === 4 ? '0.0.0.0' : '::') : addressText(bytes);
  return address === undefined ? undefined : `${address}/${length}`;
}

/** A MAC of 6 bytes (Ethernet) or 20 (InfiniBand) in lower case with colons; tunnels' "addresses" are IP addresses, not MACs. */
export function macText(bytes: Uint8Array | undefined): string | undefined {
  if (bytes?.length !== 6 && bytes?.length !== 20) return undefined;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** Bytes of hexadecimal text; `undefined` when it is none. */
export function hexBytes(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(text)) return undefined;
  return Uint8Array.from(Buffer.from(text, 'hex'));
}
