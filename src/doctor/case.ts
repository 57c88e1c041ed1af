/**
 * A case: one target and one group, with the views of the facts that rules share. Views of missing facts are empty; a rule that
 * depends on a fact names it in `needs` and is not asked when it is missing.
 */

import type { NodeFacts, Observation, PodFacts, Snapshot, TargetFacts } from '../facts/snapshot.ts';
import { familyOf } from '../model/address.ts';
import { type Fact, unknown, valueIn } from '../model/fact.ts';
import type { Group } from '../model/group.ts';
import type {
  Address,
  Counters,
  Link,
  Membership,
  PolicyRule,
  Route,
  SourceFilter,
  UdpSocket,
} from '../model/netns.ts';
import type { Flow } from '../model/wire.ts';
import { type Attachment, attachmentsOf } from './attachment.ts';
import { type Expected, expectedInterface } from './expected.ts';
import { flowsOf } from './traffic.ts';

/** What the target does with the group, as its memberships and its own datagrams tell. */
export type Role = 'receiver' | 'sender' | 'both' | 'none';

/** Views of a namespace's facts; empty where a fact is missing. */
export interface NamespaceView {
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
  readonly routes: readonly Route[];
  readonly rules: readonly PolicyRule[];
  readonly memberships: readonly Membership[];
  readonly filters: readonly SourceFilter[];
  readonly sockets: readonly UdpSocket[];
  readonly counters: Counters;
  readonly sysctls: Readonly<Record<string, string>>;
}

export interface Case {
  readonly snapshot: Snapshot;
  readonly target: TargetFacts;
  readonly group: Group;
  /** Nobody named a group: this one stands for any. */
  readonly standIn: boolean;
  readonly pod: PodFacts | undefined;
  readonly node: NodeFacts | undefined;
  readonly nodeObservation: Fact<Observation>;
  /** The target lives in its node's own network namespace (hostNetwork, node, local). */
  readonly onHost: boolean;
  readonly ns: NamespaceView;
  readonly nodeNs: NamespaceView;
  /** The interface of the cluster's default network. */
  readonly primary: string;
  readonly attachments: readonly Attachment[];
  /** The group's datagrams that entered the target's interfaces, and those that left by them. */
  readonly arrivals: readonly Flow[];
  readonly departures: readonly Flow[];
  /** The group's datagrams on the node's interfaces: without a join of kmcast's, and with one. */
  readonly sightings: readonly Flow[];
  readonly joinSightings: readonly Flow[];
  /** Memberships of the group in the target's namespace. */
  readonly memberships: readonly Membership[];
  readonly role: Role;
  /** Where the group should enter (receiver) or leave (sender), and how that is known. */
  readonly expected: Expected | undefined;
  /** Sources: as asked, else as seen on the wire. */
  readonly sources: readonly string[];
  /** Destination ports: as asked, else as seen. */
  readonly ports: readonly number[];
}

/** Builds the case of one target and group from the facts. */
export function buildCase(snapshot: Snapshot, target: TargetFacts, group: Group, standIn = false): Case {
  const pod = valueIn(target.pod);
  const node = snapshot.nodes.find((n) => n.name === target.node);
  const nodeObservation =
    node?.observation ??
    unknown(target.node === undefined ? 'the target is on no node yet' : `nothing was read on node ${target.node}`);
  const observation = valueIn(target.observation);
  const ns = viewOf(target.observation);
  const onHost = target.kind !== 'pod' || pod?.hostNetwork === true;
  const own =
    observation === undefined
      ? []
      : [valueIn(observation.look), valueIn(observation.joinLook)].flatMap((look) => flowsOf(look, group));
  const arrivals = own.filter((f) => f.direction === 'in' && !isReflection(f, ns));
  const departures = own.filter((f) => f.direction === 'out' && !isEcho(f, ns));
  const onNode = valueIn(nodeObservation);
  const sightings = flowsOf(valueIn(onNode?.look ?? unknown('')), group);
  const joinSightings = flowsOf(valueIn(onNode?.joinLook ?? unknown('')), group);
  const memberships = ns.memberships.filter((m) => m.group === group.address && m.interface !== 'lo');
  const partial = {
    snapshot,
    target,
    group,
    standIn,
    pod,
    node,
    nodeObservation,
    onHost,
    ns,
    nodeNs: viewOf(nodeObservation),
    primary: pod?.status?.find((s) => s.default)?.interface ?? 'eth0',
    attachments: pod === undefined ? [] : attachmentsOf(snapshot, pod, ns.links),
    arrivals,
    departures,
    sightings,
    joinSightings,
    memberships,
    role: roleOf(memberships, departures),
    sources: sourcesOf(snapshot, group, [
      arrivals,
      [...sightings, ...joinSightings].filter((f) => f.direction === 'in'),
      [...sightings, ...departures],
    ]),
    ports:
      group.port !== undefined
        ? [group.port]
        : unique([...arrivals, ...sightings, ...joinSightings].flatMap((f) => f.destinationPort ?? [])),
  };
  return { ...partial, expected: expectedInterface(partial) };
}

/** A bridge in hairpin mode sends a pod's own datagrams back to it. Another host with the same address has a MAC of its own. */
function isReflection(flow: Flow, ns: NamespaceView): boolean {
  const own = ns.links.find((l) => l.name === flow.interface)?.mac;
  return own !== undefined && flow.sourceMac === own && ns.addresses.some((a) => a.address === flow.source);
}

/** A node's look sees what other namespaces send through it; a target's own datagrams come from an address of its own. */
function isEcho(flow: Flow, ns: NamespaceView): boolean {
  return ns.addresses.length > 0 && !ns.addresses.some((a) => a.address === flow.source);
}

function roleOf(memberships: readonly Membership[], departures: readonly Flow[]): Role {
  if (memberships.length > 0) return departures.length > 0 ? 'both' : 'receiver';
  return departures.length > 0 ? 'sender' : 'none';
}

/** The nearest sight decides: what enters the target, else what enters its node, else what others send there. */
function sourcesOf(snapshot: Snapshot, group: Group, sights: readonly (readonly Flow[])[]): string[] {
  const asked = group.source ?? snapshot.question.source;
  if (asked !== undefined && familyOf(asked) === group.family) return [asked];
  const flows = sights.find((sight) => sight.length > 0) ?? [];
  const ported = group.port === undefined ? flows : flows.filter((f) => f.destinationPort === group.port);
  return unique((ported.length > 0 ? ported : flows).map((f) => f.source));
}

/** The values without repetition, in order. */
export function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function viewOf(fact: Fact<Observation>): NamespaceView {
  const netns = valueIn(fact)?.netns;
  return {
    links: (netns && valueIn(netns.links)) ?? [],
    addresses: (netns && valueIn(netns.addresses)) ?? [],
    routes: (netns && valueIn(netns.routes)) ?? [],
    rules: (netns && valueIn(netns.rules)) ?? [],
    memberships: (netns && valueIn(netns.memberships)) ?? [],
    filters: (netns && valueIn(netns.sourceFilters)) ?? [],
    sockets: (netns && valueIn(netns.sockets)) ?? [],
    counters: (netns && valueIn(netns.counters)) ?? {},
    sysctls: (netns && valueIn(netns.sysctls)) ?? {},
  };
}
