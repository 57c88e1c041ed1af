/** The fast path: one packet's headers into a reused object. Allocates nothing, throws nothing, reads only what was captured. */
import { readLoopback, readRaw } from './bare.ts';
import { readSll, readSll2 } from './cooked.ts';
import { readEthernet } from './ethernet.ts';
import { readIpv4 } from './ipv4.ts';
import { readIpv6 } from './ipv6.ts';
import {
  ETHERNET,
  IPV4_ONLY,
  IPV6_ONLY,
  LINUX_SLL,
  LINUX_SLL2,
  LOOP,
  NULL,
  RAW,
  RAW_BSD,
  RAW_OPENBSD,
} from './link-types.ts';
import { begin, type Packet } from './packet.ts';

/**
 * Decodes `bytes[start, end)` into `packet`, replacing what it held. An unknown link type leaves it blank (family 0).
 *
 * @param end offset after the last captured byte; at most `bytes.length`
 * @param wireLength the packet's length on the wire, which is more than was captured when the capture cut it
 * @param linkType a file's LINKTYPE_* (see link-types.ts)
 */
export function decodeInto(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireLength: number,
  linkType: number,
): void {
  begin(packet, start, end, wireLength);
  switch (linkType) {
    case ETHERNET:
      readEthernet(packet, bytes);
      break;
    case LINUX_SLL:
      readSll(packet, bytes);
      break;
    case LINUX_SLL2:
      readSll2(packet, bytes);
      break;
    case NULL:
    case LOOP:
      readLoopback(packet, bytes);
      break;
    case RAW:
    case RAW_BSD:
    case RAW_OPENBSD:
      readRaw(packet, bytes);
      break;
    case IPV4_ONLY:
      readIpv4(packet, bytes, start);
      break;
    case IPV6_ONLY:
      readIpv6(packet, bytes, start);
      break;
  }
}
