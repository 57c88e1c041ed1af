import type { PolicyRule } from '../../model/netns.ts';
import { prefixText } from '../address-bytes.ts';
import { compact } from '../compact.ts';
import { familyOfNumber } from './family.ts';
import { type Attributes, attributes, type NetlinkMessage, text, u8, u16, u32 } from './reader.ts';

/** rtnetlink.h; struct fib_rule_hdr has 12 bytes. */
const RTM_NEWRULE = 32;
const FIB_RULE_HDR = 12;

/** include/uapi/linux/fib_rules.h. */
const FIB_RULE_INVERT = 2;
const FRA_DST = 1;
const FRA_SRC = 2;
const FRA_IIFNAME = 3;
const FRA_GOTO = 4;
const FRA_PRIORITY = 6;
const FRA_FWMARK = 10;
const FRA_SUPPRESS_IFGROUP = 13;
const FRA_SUPPRESS_PREFIXLEN = 14;
const FRA_TABLE = 15;
const FRA_FWMASK = 16;
const FRA_OIFNAME = 17;
const FRA_UID_RANGE = 20;
const FRA_IP_PROTO = 22;
const FRA_SPORT_RANGE = 23;
const FRA_DPORT_RANGE = 24;

/** FR_ACT_* (fib_rules.h). */
const ACTIONS: Readonly<Record<number, PolicyRule['action']>> = {
  1: 'lookup',
  2: 'goto',
  3: 'nop',
  6: 'blackhole',
  7: 'unreachable',
  8: 'prohibit',
};

/** "Not set" for suppressors, and the mask that means the whole mark. */
const ALL_ONES = 0xffff_ffff;

/** The rules of a dump of RTM_GETRULE. A rule that looks in a VRF's table (l3mdev) is a lookup without table. */
export function rulesFromNetlink(messages: readonly NetlinkMessage[]): PolicyRule[] {
  return messages.flatMap((message) => (message.type === RTM_NEWRULE ? (rule(message.body) ?? []) : []));
}

function rule(body: Uint8Array): PolicyRule | undefined {
  const family = familyOfNumber(u8(body, 0));
  const flags = u32(body, 8);
  const [, destinationLength = 0, sourceLength = 0, tos, table, , , act = 0] = body;
  const action = ACTIONS[act];
  if (family === undefined || flags === undefined || action === undefined) return undefined;
  const found = attributes(body, FIB_RULE_HDR);
  return compact({
    family,
    priority: u32(found.get(FRA_PRIORITY)) ?? 0,
    source: sourceLength > 0 ? prefixText(found.get(FRA_SRC), sourceLength, family) : undefined,
    destination: destinationLength > 0 ? prefixText(found.get(FRA_DST), destinationLength, family) : undefined,
    inputInterface: text(found.get(FRA_IIFNAME)),
    outputInterface: text(found.get(FRA_OIFNAME)),
    ...marks(found),
    tos: tos || undefined,
    invert: (flags & FIB_RULE_INVERT) !== 0 ? true : undefined,
    protocol: u8(found.get(FRA_IP_PROTO)),
    sourcePorts: pair(found.get(FRA_SPORT_RANGE), 2),
    destinationPorts: pair(found.get(FRA_DPORT_RANGE), 2),
    uids: pair(found.get(FRA_UID_RANGE), 4),
    action,
    table: action === 'lookup' ? u32(found.get(FRA_TABLE)) || table || undefined : undefined,
    target: action === 'goto' ? u32(found.get(FRA_GOTO)) : undefined,
    suppressPrefixLength: suppressor(found.get(FRA_SUPPRESS_PREFIXLEN)),
    suppressInterfaceGroup: suppressor(found.get(FRA_SUPPRESS_IFGROUP)),
  });
}

/** The mark and, unless it is all of it, its mask. */
function marks(found: Attributes): Pick<PolicyRule, 'mark' | 'markMask'> {
  const mark = u32(found.get(FRA_FWMARK));
  const mask = u32(found.get(FRA_FWMASK));
  if (mark === undefined && mask === undefined) return {};
  return compact({ mark: mark ?? 0, markMask: mask === ALL_ONES ? undefined : mask });
}

/** Two integers of `size` bytes: struct fib_rule_port_range, struct fib_rule_uid_range. */
function pair(bytes: Uint8Array | undefined, size: 2 | 4): readonly [number, number] | undefined {
  const read = size === 2 ? u16 : u32;
  const start = read(bytes, 0);
  const end = read(bytes, size);
  return start === undefined || end === undefined ? undefined : [start, end];
}

function suppressor(bytes: Uint8Array | undefined): number | undefined {
  const value = u32(bytes);
  return value === ALL_ONES ? undefined : value;
}
