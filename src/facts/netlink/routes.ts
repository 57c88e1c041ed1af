import type { NextHop, Route } from '../../model/netns.ts';
import { addressText, prefixText } from '../address-bytes.ts';
import { compact } from '../compact.ts';
import type { InterfaceNames } from '../interface-names.ts';
import { routeProtocol, routeScope, routeType } from '../words.ts';
import { familyOfNumber } from './family.ts';
import { multipath, nextHop } from './next-hops.ts';
import { type Attributes, attributes, type NetlinkMessage, u8, u32 } from './reader.ts';

/** rtnetlink.h; struct rtmsg has 12 bytes. */
const RTM_NEWROUTE = 24;
const RTMSG = 12;
const RTM_F_CLONED = 0x200;
const RTA_DST = 1;
const RTA_SRC = 2;
const RTA_OIF = 4;
const RTA_PRIORITY = 6;
const RTA_PREFSRC = 7;
const RTA_MULTIPATH = 9;
const RTA_TABLE = 15;
const RTA_PREF = 20;

/** The routes of a dump of RTM_GETROUTE, all tables; cached clones (RTM_F_CLONED, path MTU exceptions) are no routes. */
export function routesFromNetlink(messages: readonly NetlinkMessage[], names: InterfaceNames): Route[] {
  return messages.flatMap((message) => (message.type === RTM_NEWROUTE ? (route(message.body, names) ?? []) : []));
}

function route(body: Uint8Array, names: InterfaceNames): Route | undefined {
  const family = familyOfNumber(u8(body, 0));
  const flags = u32(body, 8);
  const [, destinationLength = 0, sourceLength = 0, tos, table = 0, protocol = 0, scope = 0, type = 0] = body;
  const kind = routeType(type);
  if (family === undefined || flags === undefined || kind === undefined || (flags & RTM_F_CLONED) !== 0)
    return undefined;
  const found = attributes(body, RTMSG);
  const destination = prefixText(found.get(RTA_DST), destinationLength, family);
  if (destination === undefined) return undefined;
  return compact({
    family,
    destination,
    table: u32(found.get(RTA_TABLE)) ?? table,
    type: kind,
    scope: routeScope(scope),
    protocol: routeProtocol(protocol),
    metric: u32(found.get(RTA_PRIORITY)) ?? 0,
    preferredSource: addressText(found.get(RTA_PREFSRC)),
    tos: tos || undefined,
    source: sourceLength > 0 ? prefixText(found.get(RTA_SRC), sourceLength, family) : undefined,
    preference: u8(found.get(RTA_PREF)),
    nextHops: nextHops(found, flags, names),
  });
}

function nextHops(found: Attributes, flags: number, names: InterfaceNames): NextHop[] {
  const several = found.get(RTA_MULTIPATH);
  if (several !== undefined) return multipath(several, names);
  const one = nextHop(found, u32(found.get(RTA_OIF)), flags, names);
  return Object.keys(one).length === 0 ? [] : [one];
}
