/** The layout of kmcast's test datagrams, for whoever looks at the wire (`src/agent/python/datagram.py` tells why it is so). */
import { u32 } from '../capture/decode/bytes.ts';
import { type Datagram, startsWith } from '../discover/datagram.ts';
import type { OwnDatagrams } from '../discover/own-datagrams.ts';

/** Bytes of a test datagram before its padding. */
export const HEADER = 40;
/** Largest UDP payload over IPv4. */
export const LARGEST = 65_507;
const MAGIC = 'kmcast\0\x01';
const MAGIC_AT = 20;
const RUN_AT = 28;
const SENDER_AT = 36;

/** Recognises test datagrams on the wire. */
export const ownDatagrams: OwnDatagrams = {
  matches: (datagram) => datagram.end - datagram.start >= HEADER && startsWith(datagram, MAGIC, MAGIC_AT),
  sender: (datagram) => `${runOf(datagram)}/${u32(datagram.bytes, datagram.start + SENDER_AT)}`,
  sequence: (datagram) => u32(datagram.bytes, datagram.start),
};

function runOf({ bytes, start }: Datagram): string {
  return Buffer.from(bytes.subarray(start + RUN_AT, start + SENDER_AT)).toString('hex');
}
