import type { Link, LinkStats } from '../../model/netns.ts';
import { macText } from '../address-bytes.ts';
import { compact } from '../compact.ts';
import { withParents } from '../interface-names.ts';
import { linkFlags, operstate } from '../link-words.ts';
import { linkInfo } from './link-info.ts';
import { attributes, type NetlinkMessage, s32, text, u8, u32, u64 } from './reader.ts';

/** include/uapi/linux/rtnetlink.h; struct ifinfomsg has 16 bytes. */
const RTM_NEWLINK = 16;
const IFINFOMSG = 16;

/** include/uapi/linux/if_link.h. */
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINK = 5;
const IFLA_MASTER = 10;
const IFLA_OPERSTATE = 16;
const IFLA_LINKINFO = 18;
const IFLA_STATS64 = 23;
const IFLA_LINK_NETNSID = 37;

/** The interfaces of a dump of RTM_GETLINK, parents in the same namespace by name. */
export function linksFromNetlink(messages: readonly NetlinkMessage[]): Link[] {
  return withParents(messages.flatMap((message) => (message.type === RTM_NEWLINK ? (link(message.body) ?? []) : [])));
}

function link(body: Uint8Array): Link | undefined {
  const index = s32(body, 4);
  const flags = u32(body, 8);
  const found = attributes(body, IFINFOMSG);
  const name = text(found.get(IFLA_IFNAME));
  if (index === undefined || flags === undefined || name === undefined) return undefined;
  return compact({
    index,
    name,
    flags: linkFlags(flags),
    mtu: u32(found.get(IFLA_MTU)) ?? 0,
    mac: macText(found.get(IFLA_ADDRESS)),
    operstate: operstate(u8(found.get(IFLA_OPERSTATE))),
    ...linkInfo(found.get(IFLA_LINKINFO)),
    // 0 says that the parent is gone or unknown.
    parentIndex: u32(found.get(IFLA_LINK)) || undefined,
    parentNetns: s32(found.get(IFLA_LINK_NETNSID)),
    masterIndex: u32(found.get(IFLA_MASTER)),
    stats: stats(found.get(IFLA_STATS64)),
  });
}

/** struct rtnl_link_stats64 (if_link.h): 64-bit counters in this order. */
function stats(bytes: Uint8Array | undefined): LinkStats | undefined {
  const [rxPackets, txPackets, , , rxErrors, txErrors, rxDropped, txDropped, multicast] = Array.from(
    { length: 9 },
    (_, i) => u64(bytes, i * 8),
  );
  if (rxPackets === undefined || txPackets === undefined || rxErrors === undefined || txErrors === undefined)
    return undefined;
  if (rxDropped === undefined || txDropped === undefined || multicast === undefined) return undefined;
  return { rxPackets, txPackets, rxDropped, rxErrors, txDropped, txErrors, multicast };
}
