/** From what became of each place to the document. Pure. */
import type { PlaceOutcome } from '../capture/watch-all.ts';
import { familyOf } from '../model/address.ts';
import { formatGroup, isMulticast } from '../model/group.ts';
import type { SeenSource } from './account.ts';
import { type Answer, answerFor } from './answer.ts';
import type { DiscoveredPlace, DiscoveredSource, Discovery, GroupSighting } from './discovery.ts';
import { formatQuery, type GroupQuery } from './group-query.ts';
import { type ExistingNad, nadAnswer } from './nad-answer.ts';

export interface BuildInput {
  readonly version: string;
  readonly now: Date;
  readonly queries: readonly GroupQuery[];
  readonly outcomes: readonly PlaceOutcome[];
  /** It ended with the first sources (`--count`): of places where none was seen until then it tells nothing. */
  readonly cutShort?: boolean;
  /** `--nad`. */
  readonly nad?: ExistingNad;
  /** `--subnet`: prefixes that are on-link beside those that are known. */
  readonly subnets?: readonly string[];
}

export function buildDiscovery(input: BuildInput): Discovery {
  const { version, now, queries, outcomes, nad, subnets = [], cutShort = false } = input;
  const sources = outcomes
    .flatMap((outcome) => (outcome.tally?.report.sources ?? []).map((seen) => discovered(outcome.place.name, seen)))
    .sort((a, b) => b.packets - a.packets);
  const overflow = { rows: 0, packets: 0, bytes: 0 };
  for (const { tally } of outcomes) {
    overflow.rows += tally?.report.overflow.rows ?? 0;
    overflow.packets += tally?.report.overflow.packets ?? 0;
    overflow.bytes += tally?.report.overflow.bytes ?? 0;
  }
  const placed = <T extends { readonly last: number }>(pick: (outcome: PlaceOutcome) => readonly T[]) =>
    outcomes.flatMap((outcome) =>
      pick(outcome).map(({ last, ...item }) => ({ ...item, place: outcome.place.name, lastHeard: timeText(last) })),
    );
  const answer = answerOf(sources, outcomes, nad, subnets);
  return {
    schemaVersion: 'kmcast/v1',
    kind: 'Discovery',
    kmcastVersion: version,
    time: now.toISOString(),
    groups: queries.map(formatQuery),
    places: outcomes.map(placeOf),
    sources,
    overflow,
    sightings: sightingsOf(sources, outcomes, cutShort),
    membership: {
      queriers: placed(({ tally }) => tally?.report.membership.queriers ?? []),
      members: placed(({ tally }) => tally?.report.membership.members ?? []),
      overflow: outcomes.reduce((sum, { tally }) => sum + (tally?.report.membership.overflow ?? 0), 0),
    },
    answer: nad === undefined ? answer : { ...answer, attachment: nadAnswer(nad, answer.routes, isMulticast) },
  };
}

/** A source as the document has it. */
export function discovered(place: string, { family: _, first, last, ...seen }: SeenSource): DiscoveredSource {
  return { place, ...seen, firstSeen: timeText(first), lastSeen: timeText(last) };
}

/** A time stamp of a capture, which may hold any number. */
function timeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? new Date(0).toISOString() : time.toISOString();
}

function placeOf({ place, vantage, interfaces, began, tally, problem }: PlaceOutcome): DiscoveredPlace {
  const failed = new Map((began?.failures ?? []).map((failure) => [failure.interface, failure.error]));
  const report = tally?.report;
  return {
    name: place.name,
    vantage: vantage ?? null,
    interfaces: interfaces.map(({ name, addresses }) => {
      const error = failed.get(name);
      return { name, addresses, ...(error === undefined ? {} : { error }) };
    }),
    joins: began?.joins ?? [],
    packets: report?.packets ?? 0,
    lost: tally?.lost ?? 0,
    duration: report === undefined || report.packets === 0 ? 0 : Math.round((report.last - report.first) * 1000) / 1000,
    problem: problem ?? null,
  };
}

/** What goes out of an interface was not received there: it tells nothing of the network behind it. */
function sightingsOf(
  sources: readonly DiscoveredSource[],
  outcomes: readonly PlaceOutcome[],
  cutShort: boolean,
): GroupSighting[] {
  const watched = outcomes.flatMap(({ place, began }) =>
    (began?.interfaces ?? []).map((name) => ({ place: place.name, interface: name })),
  );
  const byGroup = new Map<string, DiscoveredSource[]>();
  for (const source of sources) {
    const group = groupText(source);
    byGroup.set(group, [...(byGroup.get(group) ?? []), source]);
  }
  return [...byGroup].slice(0, MOST_SIGHTINGS).map(([group, seen]) => {
    const isSeen = (at: { place: string; interface: string }): boolean =>
      seen.some((s) => s.place === at.place && s.interface === at.interface && s.out !== true);
    return { group, seenOn: watched.filter(isSeen), notSeenOn: cutShort ? [] : watched.filter((at) => !isSeen(at)) };
  });
}

const MOST_SIGHTINGS = 256;

function groupText({ group, port }: DiscoveredSource): string {
  return formatGroup({ family: familyOf(group), address: group, ...(port === undefined ? {} : { port }) });
}

/** With an attachment, its own subnets decide, and only what was seen on its parent counts, where that was watched. */
function answerOf(
  sources: readonly DiscoveredSource[],
  outcomes: readonly PlaceOutcome[],
  nad: ExistingNad | undefined,
  given: readonly string[],
): Answer {
  const master = nad?.config.master;
  const onMaster = sources.filter((source) => source.interface === master);
  const relevant = onMaster.length > 0 ? onMaster : sources;
  if (nad !== undefined) return answerFor(relevant, [...nad.config.subnets, ...given]);
  const subnets = outcomes.flatMap(({ place, interfaces }) =>
    interfaces
      .filter(({ name }) => relevant.some((source) => source.place === place.name && source.interface === name))
      .flatMap(({ addresses }) => addresses),
  );
  return answerFor(relevant, [...new Set([...subnets, ...given])]);
}
