/** `ip -j` dumps as the model's types: just what the kernel tests need, so that they do not depend on the product's parsers. */
import type { Address, Family, Link, NextHop, PolicyRule, Route } from '../../../src/model/netns.ts';

type Row = Readonly<Record<string, unknown>>;

export interface Dumps {
  readonly addresses: readonly Row[];
  readonly routes: readonly (readonly Row[])[];
  readonly rules: readonly (readonly Row[])[];
}

/** The links, addresses, routes and rules of the dumps. */
export function stateOf(dumps: Dumps) {
  return {
    links: dumps.addresses.map(link),
    addresses: dumps.addresses.flatMap(addresses),
    routes: dumps.routes.flatMap((rows, i) => rows.map((row) => route(row, i === 0 ? 4 : 6))),
    rules: dumps.rules.flatMap((rows, i) => rows.map((row) => rule(row, i === 0 ? 4 : 6))),
  };
}

function link(row: Row): Link {
  return {
    index: Number(row.ifindex),
    name: String(row.ifname),
    flags: row.flags as string[],
    mtu: Number(row.mtu),
    operstate: String(row.operstate).toLowerCase(),
  };
}

function addresses(row: Row): Address[] {
  return (row.addr_info as Row[]).map((info) => ({
    family: info.family === 'inet' ? 4 : 6,
    interface: String(row.ifname),
    address: String(info.local),
    prefixLength: Number(info.prefixlen),
    scope: String(info.scope),
  }));
}

function route(row: Row, family: Family): Route {
  const hops = (row.nexthops as Row[] | undefined) ?? (row.dev === undefined ? [] : [row]);
  return {
    family,
    destination: prefix(String(row.dst), family),
    table: table(row.table ?? 'main'),
    type: (row.type as Route['type']) ?? 'unicast',
    scope: String(row.scope ?? 'global'),
    protocol: String(row.protocol ?? 'boot'),
    metric: Number(row.metric ?? 0),
    nextHops: hops.map(hop),
    ...(row.prefsrc === undefined ? {} : { preferredSource: String(row.prefsrc) }),
    ...(row.tos === undefined ? {} : { tos: Number(row.tos) }),
    ...(row.from === undefined ? {} : { source: prefix(String(row.from), family) }),
    ...(row.pref === undefined ? {} : { preference: { medium: 0, high: 1, low: 3 }[String(row.pref)] ?? 0 }),
  };
}

function hop(row: Row): NextHop {
  const via = row.via as Row | undefined;
  const gateway = row.gateway ?? via?.host;
  return {
    interface: String(row.dev),
    flags: row.flags as string[],
    ...(gateway === undefined ? {} : { gateway: String(gateway) }),
  };
}

function rule(row: Row, family: Family): PolicyRule {
  const action = row.goto !== undefined ? 'goto' : ((row.action as PolicyRule['action'] | undefined) ?? 'lookup');
  const range = (name: string) =>
    row[`${name}_start`] !== undefined
      ? ([Number(row[`${name}_start`]), Number(row[`${name}_end`])] as const)
      : row[name] !== undefined
        ? ([Number(row[name]), Number(row[name])] as const)
        : undefined;
  const [sourcePorts, destinationPorts, uids] = [range('sport'), range('dport'), range('uid')];
  return {
    family,
    priority: Number(row.priority),
    action,
    ...(row.src === 'all' ? {} : { source: `${row.src}/${row.srclen ?? (family === 4 ? 32 : 128)}` }),
    ...(row.dst === undefined ? {} : { destination: `${row.dst}/${row.dstlen ?? (family === 4 ? 32 : 128)}` }),
    ...(row.iif === undefined ? {} : { inputInterface: String(row.iif) }),
    ...(row.oif === undefined ? {} : { outputInterface: String(row.oif) }),
    ...(row.fwmark === undefined ? {} : { mark: Number(row.fwmark) }),
    ...(row.fwmask === undefined ? {} : { markMask: Number(row.fwmask) }),
    ...(row.tos === undefined ? {} : { tos: Number(row.tos) }),
    ...('not' in row ? { invert: true } : {}),
    ...(row.ipproto === undefined
      ? {}
      : { protocol: { udp: 17, tcp: 6, icmp: 1, igmp: 2 }[String(row.ipproto)] ?? Number(row.ipproto) }),
    ...(sourcePorts === undefined ? {} : { sourcePorts }),
    ...(destinationPorts === undefined ? {} : { destinationPorts }),
    ...(uids === undefined ? {} : { uids }),
    ...(row.table === undefined ? {} : { table: table(row.table) }),
    ...(row.goto === undefined ? {} : { target: Number(row.goto) }),
    ...(row.suppress_prefixlen === undefined ? {} : { suppressPrefixLength: Number(row.suppress_prefixlen) }),
  };
}

function table(name: unknown): number {
  return { local: 255, main: 254, default: 253 }[String(name)] ?? Number(name);
}

function prefix(text: string, family: Family): string {
  if (text === 'default') return family === 4 ? '0.0.0.0/0' : '::/0';
  return text.includes('/') ? text : `${text}/${family === 4 ? 32 : 128}`;
}
