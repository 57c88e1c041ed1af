import type { NextHop } from '../../model/netns.ts';
import { addressText } from '../address-bytes.ts';
import { compact } from '../compact.ts';
import { type InterfaceNames, nameOf } from '../interface-names.ts';
import { nextHopFlags } from '../link-words.ts';
import { type Attributes, attributes, s32, u8, u16 } from './reader.ts';

/** rtnetlink.h; struct rtnexthop {u16 len; u8 flags; u8 hops; int ifindex} has 8 bytes. */
const RTNEXTHOP = 8;
const RTA_GATEWAY = 5;
const RTA_VIA = 18;

/** One way out: a gateway of the route's family or another (RTA_VIA: u16 family, then the address). */
export function nextHop(found: Attributes, index: number | undefined, flags: number, names: InterfaceNames): NextHop {
  const words = nextHopFlags(flags);
  return compact({
    interface: index === undefined ? undefined : nameOf(names, index),
    gateway: addressText(found.get(RTA_GATEWAY) ?? found.get(RTA_VIA)?.subarray(2)),
    flags: words.length === 0 ? undefined : words,
  });
}

/** The ways out of RTA_MULTIPATH: a chain of rtnexthop, each with attributes. A weight is rtnh_hops + 1. */
export function multipath(bytes: Uint8Array, names: InterfaceNames): NextHop[] {
  const hops: NextHop[] = [];
  for (let at = 0; at + RTNEXTHOP <= bytes.length; ) {
    const length = u16(bytes, at) ?? 0;
    if (length < RTNEXTHOP || at + length > bytes.length) break;
    const hop = bytes.subarray(at, at + length);
    hops.push({
      ...nextHop(attributes(hop, RTNEXTHOP), s32(hop, 4), u8(hop, 2) ?? 0, names),
      weight: (u8(hop, 3) ?? 0) + 1,
    });
    at += (length + 3) & ~3;
  }
  return hops;
}
