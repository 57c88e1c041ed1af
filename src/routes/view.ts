/** What `kmcast routes` shows of one target: each interface, and where joins and answers would go. */

import { buildCase } from '../doctor/case.ts';
import { parentName } from '../doctor/expected.ts';
import type { Observation, Snapshot, TargetFacts } from '../facts/snapshot.ts';
import { contains, familyOf } from '../model/address.ts';
import { effectiveRpFilter } from '../model/conf.ts';
import { valueIn } from '../model/fact.ts';
import { formatGroup, type Group, isHousekeeping } from '../model/group.ts';
import type { Link } from '../model/netns.ts';
import { reversePath } from '../model/reverse-path.ts';
import { joinInterface, lookup, type RouteLookup, type RoutingState } from '../model/route-lookup.ts';

export interface InterfaceRow {
  readonly name: string;
  readonly role: 'cluster network' | 'secondary' | 'node' | 'loopback';
  readonly state: string;
  readonly kind: string;
  readonly parent: string | null;
  readonly addresses: readonly string[];
  readonly mtu: number;
  /** Routes to groups, and to the sources asked about, that leave by this interface. */
  readonly groupRoutes: readonly string[];
  readonly sourceRoutes: readonly string[];
  /** Effective mode: max(all, interface); null for what is not known. */
  readonly rpFilter: number | null;
  readonly memberships: readonly string[];
}

export interface RoutesView {
  readonly target: string;
  readonly namespace: string | null;
  readonly node: string | null;
  readonly interfaces: readonly InterfaceRow[];
  /** `a join for G goes out of X; an answer to S leaves by Y`. */
  readonly sentences: readonly string[];
  /** Why something is missing. */
  readonly unknown: readonly string[];
}

export function routesView(
  snapshot: Snapshot,
  target: TargetFacts,
  groups: readonly Group[],
  sources: readonly string[],
): RoutesView {
  const observation = valueIn(target.observation);
  const head = { target: target.name, namespace: target.namespace ?? null, node: target.node ?? null };
  if (observation === undefined)
    return {
      ...head,
      interfaces: [],
      sentences: [],
      unknown: ['unknown' in target.observation ? target.observation.unknown : ''],
    };
  const state = routingState(observation);
  const rows = state.links.map((link) => row(snapshot, target, observation, state, link, groups, sources));
  const { netns } = observation;
  const gaps = (['links', 'addresses', 'routes', 'rules', 'memberships', 'sysctls'] as const).flatMap((key) =>
    'unknown' in netns[key] ? [`${key}: ${netns[key].unknown}`] : [],
  );
  const sentences =
    'unknown' in netns.routes
      ? []
      : [
          ...groups.map((group) => groupSentence(state, group)),
          ...sources.map((source) => sourceSentence(state, source, groups)),
        ];
  return { ...head, interfaces: rows, sentences, unknown: gaps };
}

function routingState(observation: Observation): RoutingState {
  const { netns } = observation;
  return {
    links: valueIn(netns.links) ?? [],
    addresses: valueIn(netns.addresses) ?? [],
    routes: valueIn(netns.routes) ?? [],
    rules: valueIn(netns.rules) ?? [],
    sysctls: valueIn(netns.sysctls) ?? {},
  };
}

function row(
  snapshot: Snapshot,
  target: TargetFacts,
  observation: Observation,
  state: RoutingState,
  link: Link,
  groups: readonly Group[],
  sources: readonly string[],
): InterfaceRow {
  const group = groups[0] ?? { family: 4 as const, address: '224.0.0.0' };
  const c = buildCase(snapshot, target, group);
  const via = (address: string) =>
    state.routes
      .filter(
        (route) =>
          route.table !== 255 &&
          route.nextHops.some((hop) => hop.interface === link.name) &&
          matches(route.destination, address),
      )
      .map(
        (route) =>
          `${route.destination}${route.nextHops[0]?.gateway === undefined ? '' : ` via ${route.nextHops[0].gateway}`}`,
      );
  const members = (valueIn(observation.netns.memberships) ?? [])
    .filter((m) => m.interface === link.name && !isHousekeeping(m.group))
    .map((m) => m.group);
  const primary = target.kind === 'pod' && link.name === c.primary;
  return {
    name: link.name,
    role: link.flags.includes('LOOPBACK') ? 'loopback' : c.onHost ? 'node' : primary ? 'cluster network' : 'secondary',
    state: link.flags.includes('UP') ? (link.flags.includes('NO-CARRIER') ? 'no carrier' : 'up') : 'down',
    kind: [link.kind ?? (link.flags.includes('LOOPBACK') ? 'loopback' : 'hardware'), link.mode]
      .filter((part) => part !== undefined)
      .join(' '),
    parent: link.kind === 'veth' ? null : (link.parent ?? (c.onHost ? null : (parentName(c, link.name) ?? null))),
    addresses: state.addresses
      .filter((a) => a.interface === link.name && !a.address.startsWith('fe80:'))
      .map((a) => `${a.address}/${a.prefixLength}`),
    mtu: link.mtu,
    groupRoutes: [
      ...new Set(
        groups.length > 0
          ? groups.flatMap((g) => via(g.address))
          : state.routes
              .filter(
                (r) => r.nextHops.some((h) => h.interface === link.name) && /^(22[4-9]|23\d)\./.test(r.destination),
              )
              .map((r) => r.destination),
      ),
    ],
    sourceRoutes: [...new Set(sources.flatMap(via))],
    rpFilter: 'unknown' in observation.netns.sysctls ? null : effectiveRpFilter(state, link.name),
    memberships: members,
  };
}

function matches(destination: string, address: string): boolean {
  return contains(destination, address) && familyOf(destination) === familyOf(address);
}

function groupSentence(state: RoutingState, group: Group): string {
  const { source: _, ...bare } = group;
  const join = joinInterface(state, { family: group.family, group: group.address });
  const send = lookup(state, { family: group.family, destination: group.address });
  return `a join for ${group.address} that names no interface ${'refused' in join ? 'fails (ENODEV: no route to the group)' : `goes out of ${join.interface}`}; what is sent to ${formatGroup(bare)} ${wayOut(send)}`;
}

function wayOut(found: RouteLookup): string {
  if (found.kind !== 'route') return `fails (${found.error})`;
  return found.gateway === undefined
    ? `leaves by ${found.interface}`
    : `leaves by ${found.interface} to the unicast MAC of ${found.gateway}, which no receiver hears`;
}

function sourceSentence(state: RoutingState, source: string, groups: readonly Group[]): string {
  const back = lookup(state, { family: familyOf(source), destination: source });
  const group = groups.find((g) => g.family === familyOf(source));
  const verdicts =
    group === undefined
      ? []
      : state.links
          .filter((l) => !l.flags.includes('LOOPBACK'))
          .map((l) => ({ name: l.name, ...reversePath(state, { source, interface: l.name, group: group.address }) }));
  const accepted = verdicts.filter((v) => v.accepted).map((v) => v.name);
  const filter =
    verdicts.length === 0 || verdicts.length === accepted.length
      ? ''
      : `; the reverse-path filter lets ${source} in on ${accepted.length > 0 ? accepted.join(', ') : 'no interface'} alone`;
  return `an answer to ${source} ${back.kind === 'route' ? `leaves by ${back.interface}${back.gateway === undefined ? '' : ` via ${back.gateway}`}` : `has no way out (${back.error})`}${filter}`;
}
