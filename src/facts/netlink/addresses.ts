import type { Address } from '../../model/netns.ts';
import { addressText } from '../address-bytes.ts';
import { type InterfaceNames, nameOf } from '../interface-names.ts';
import { addressScope } from '../words.ts';
import { familyOfNumber } from './family.ts';
import { attributes, type NetlinkMessage, u8, u32 } from './reader.ts';

/** rtnetlink.h; struct ifaddrmsg has 8 bytes. */
const RTM_NEWADDR = 20;
const IFADDRMSG = 8;

/** include/uapi/linux/if_addr.h. */
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;

/** The addresses of a dump of RTM_GETADDR. On a point-to-point link IFA_ADDRESS is the peer's and IFA_LOCAL one's own. */
export function addressesFromNetlink(messages: readonly NetlinkMessage[], names: InterfaceNames): Address[] {
  return messages.flatMap((message) => (message.type === RTM_NEWADDR ? (address(message.body, names) ?? []) : []));
}

function address(body: Uint8Array, names: InterfaceNames): Address | undefined {
  const family = familyOfNumber(u8(body, 0));
  const prefixLength = u8(body, 1);
  const scope = u8(body, 3);
  const index = u32(body, 4);
  const found = attributes(body, IFADDRMSG);
  const local = addressText(found.get(IFA_LOCAL) ?? found.get(IFA_ADDRESS));
  if (
    family === undefined ||
    prefixLength === undefined ||
    scope === undefined ||
    index === undefined ||
    local === undefined
  )
    return undefined;
  return { family, interface: nameOf(names, index), address: local, prefixLength, scope: addressScope(scope) };
}
