import type { Family, PolicyRule } from '../../model/netns.ts';
import { compact } from '../compact.ts';
import { tableOf } from '../words.ts';
import { type JsonObject, numberAt, numeralAt, textAt } from './json.ts';
import { prefixOf } from './prefix.ts';

/** FR_ACT_* and RTN_* as `ip -N rule` prints them, and by name. */
const ACTIONS: Readonly<Record<string, PolicyRule['action']>> = {
  '6': 'blackhole',
  '7': 'unreachable',
  '8': 'prohibit',
  blackhole: 'blackhole',
  unreachable: 'unreachable',
  prohibit: 'prohibit',
};

/** Protocols by the names that iproute2 has built in. */
const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  'ipv6-icmp': 58,
  sctp: 132,
  udplite: 136,
};

/** The rules of `ip -4|-6 -j -d -N rule`; one for a table that has only a local name is left out. */
export function rulesFromIp(objects: readonly JsonObject[], family: Family): PolicyRule[] {
  return objects.flatMap((object) => rule(object, family) ?? []);
}

function rule(object: JsonObject, family: Family): PolicyRule | undefined {
  const priority = numberAt(object, 'priority');
  const action = actionOf(object);
  const tableName = textAt(object, 'table');
  const table = tableName === undefined ? undefined : tableOf(tableName);
  if (priority === undefined || action === undefined || (tableName !== undefined && table === undefined))
    return undefined;
  const mark = numeralAt(object, 'fwmark');
  return compact({
    family,
    priority,
    source: prefix(object, 'src', family),
    destination: prefix(object, 'dst', family),
    inputInterface: textAt(object, 'iif'),
    outputInterface: textAt(object, 'oif'),
    mark,
    markMask: mark === undefined ? undefined : numeralAt(object, 'fwmask'),
    tos: numeralAt(object, 'tos') || undefined,
    invert: 'not' in object ? true : undefined,
    protocol: protocolOf(textAt(object, 'ipproto')),
    sourcePorts: range(object, 'sport', 'sport_start', 'sport_end'),
    destinationPorts: range(object, 'dport', 'dport_start', 'dport_end'),
    uids: range(object, 'uid', 'uid_start', 'uid_end'),
    action,
    table,
    target: action === 'goto' ? numeralAt(object, 'goto') : undefined,
    suppressPrefixLength: numberAt(object, 'suppress_prefixlen') ?? numberAt(object, 'suppress_prefixlength'),
    suppressInterfaceGroup: numeralAt(object, 'suppress_ifgroup'),
  });
}

function actionOf(object: JsonObject): PolicyRule['action'] | undefined {
  if ('goto' in object) return 'goto';
  if ('nop' in object) return 'nop';
  if ('table' in object || 'l3mdev' in object) return 'lookup';
  return ACTIONS[textAt(object, 'action') ?? ''];
}

/** `src` and `srclen` apart; `all` for none, no length for a host. */
function prefix(object: JsonObject, member: 'src' | 'dst', family: Family): string | undefined {
  const address = textAt(object, member);
  const length = numberAt(object, `${member}len`);
  return prefixOf(address === undefined || length === undefined ? address : `${address}/${length}`, family);
}

/** `udp`, `17`, or `ipproto-17`. */
function protocolOf(text: string | undefined): number | undefined {
  const number = /^(?:ipproto-)?(\d+)$/.exec(text ?? '')?.[1];
  return number === undefined ? PROTOCOLS[text ?? ''] : Number(number);
}

function range(object: JsonObject, one: string, first: string, last: string): readonly [number, number] | undefined {
  const start = numberAt(object, first) ?? numberAt(object, one);
  const end = numberAt(object, last) ?? numberAt(object, one);
  return start === undefined || end === undefined ? undefined : [start, end];
}
