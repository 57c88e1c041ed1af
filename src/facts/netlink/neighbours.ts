import type { Neighbour } from '../../model/netns.ts';
import { addressText, macText } from '../address-bytes.ts';
import { compact } from '../compact.ts';
import { type InterfaceNames, nameOf } from '../interface-names.ts';
import { neighbourState } from '../link-words.ts';
import { familyOfNumber } from './family.ts';
import { attributes, type NetlinkMessage, s32, u8, u16 } from './reader.ts';

/** rtnetlink.h, include/uapi/linux/neighbour.h; struct ndmsg has 12 bytes. */
const RTM_NEWNEIGH = 28;
const NDMSG = 12;
const NDA_DST = 1;
const NDA_LLADDR = 2;

/** The neighbours of a dump of RTM_GETNEIGH, those that need no resolution (`noarp`, among them groups) included. */
export function neighboursFromNetlink(messages: readonly NetlinkMessage[], names: InterfaceNames): Neighbour[] {
  return messages.flatMap((message) => (message.type === RTM_NEWNEIGH ? (neighbour(message.body, names) ?? []) : []));
}

function neighbour(body: Uint8Array, names: InterfaceNames): Neighbour | undefined {
  const family = familyOfNumber(u8(body, 0));
  const index = s32(body, 4);
  const state = u16(body, 8);
  const found = attributes(body, NDMSG);
  const address = addressText(found.get(NDA_DST));
  if (family === undefined || index === undefined || state === undefined || address === undefined) return undefined;
  return compact({
    family,
    interface: nameOf(names, index),
    address,
    mac: macText(found.get(NDA_LLADDR)),
    state: neighbourState(state),
  });
}
