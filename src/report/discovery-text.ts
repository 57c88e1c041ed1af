/** What was discovered, as a table and sentences: sources, where the groups are, who asks and who has joined, the routes. */
import type { DiscoveredPlace, Discovery, GroupSighting } from '../discover/discovery.ts';
import { isHousekeeping } from '../model/group.ts';
import { answerText } from './answer-text.ts';
import { oneLine } from './printable.ts';
import { HEAD, NUMBERS, sourceCells } from './source-cells.ts';
import { type Style, wrap } from './style.ts';
import { tableLines } from './table.ts';

/** Rows and lines of a kind that are printed; `-o json` has all. */
const MOST_ROWS = 40;
const MOST_LINES = 12;

export function discoveryText(d: Discovery, s: Style): string {
  const hosts = d.places.length > 1;
  return [
    ...sourceLines(d, hosts, s),
    ...section(
      'Where',
      d.sightings.map((sighting) => sightingLine(sighting)),
      s,
    ),
    ...section('Members', membershipLines(d), s),
    ...section(
      'Looked',
      d.places.map((place) => placeLine(place)),
      s,
    ),
    ...(d.sources.length === 0 ? [] : ['', ...answerText(d.answer, s)]),
  ].join('\n');
}

function sourceLines(d: Discovery, hosts: boolean, s: Style): string[] {
  const asked = d.groups.length === 0 ? 'any group' : d.groups.join(', ');
  if (d.places.every(({ vantage }) => vantage === null)) return [s.doubt('NOTHING WAS WATCHED')];
  if (d.sources.length === 0) return [s.bad(`NO SOURCE of ${oneLine(asked)} was seen`)];
  const lost = new Map(d.places.map((place) => [place.name, place.lost]));
  const rows = d.sources
    .slice(0, MOST_ROWS)
    .map((source) => sourceCells(source, hosts, (lost.get(source.place) ?? 0) > 0));
  const more = d.sources.length - rows.length;
  return [
    ...tableLines(HEAD, rows, NUMBERS),
    ...(more > 0 ? [s.faint(`and ${more} more rows (-o json)`)] : []),
    ...(d.overflow.rows > 0
      ? [s.doubt(`${d.overflow.packets} packets of ${d.overflow.rows} further sources had no room in the table`)]
      : []),
  ];
}

function section(label: string, lines: readonly string[], s: Style): string[] {
  const shown = lines.slice(0, MOST_LINES);
  if (lines.length > shown.length) shown.push(`and ${lines.length - shown.length} more (-o json)`);
  const wrapped = shown.flatMap((line) => wrap(oneLine(line, 600), s.width - 9));
  return wrapped.length === 0 ? [] : ['', ...wrapped.map((line, i) => `${(i === 0 ? label : '').padEnd(9)}${line}`)];
}

function sightingLine({ group, seenOn, notSeenOn }: GroupSighting): string {
  const parts = [
    seenOn.length > 0 ? `comes in on ${spots(seenOn)}` : 'comes in nowhere: it was only seen going out',
    ...(notSeenOn.length > 0 && seenOn.length > 0 ? [`not on ${spots(notSeenOn)}`] : []),
  ];
  return `${group} ${parts.join(', ')}`;
}

/** `eth1 of node/node1 and node/node2, eth0 of node/node1`. */
function spots(at: GroupSighting['seenOn']): string {
  const byName = new Map<string, string[]>();
  for (const { place, interface: name } of at) byName.set(name, [...(byName.get(name) ?? []), place]);
  return [...byName].map(([name, places]) => `${name} of ${listed(places)}`).join(', ');
}

function listed(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
}

function membershipLines(d: Discovery): string[] {
  const { queriers, members } = d.membership;
  const live = d.places.some((place) => place.joins.length > 0 || place.interfaces.some((i) => i.addresses.length > 0));
  const asking = queriers.map(
    (q) =>
      `${q.version} querier ${q.address} on ${q.interface} of ${q.place}${q.interval === undefined ? '' : `, every ${q.interval.seconds} s (${q.interval.known})`}`,
  );
  const byGroup = new Map<string, string[]>();
  for (const member of members) {
    if (member.left === true || isHousekeeping(member.group) || isOwn(d.places, member)) continue;
    const key = `${member.group} joined on ${member.interface} of ${member.place} (${member.version})`;
    byGroup.set(key, [...(byGroup.get(key) ?? []), member.address]);
  }
  const joined = [...byGroup].map(([what, hosts]) => `${what} by ${listed(hosts)}`);
  const silence =
    live && asking.length === 0 ? ['no IGMP or MLD query was heard: queriers usually ask every 125 s'] : [];
  return [...asking, ...silence, ...joined];
}

/** kmcast's own joins are no news, wherever they were heard. */
function isOwn(places: readonly DiscoveredPlace[], member: Discovery['membership']['members'][number]): boolean {
  return places.some(
    (place) =>
      place.joins.some(({ group }) => group === member.group) &&
      place.interfaces.some(({ addresses }) => addresses.some((prefix) => prefix.split('/')[0] === member.address)),
  );
}

function placeLine(place: DiscoveredPlace): string {
  if (place.vantage === null) return `${place.name}: not watched: ${place.problem}`;
  const names = place.interfaces.map(({ name, error }) =>
    error === undefined ? name : `${name} (not watched: ${error})`,
  );
  const refused = place.joins.filter(({ error }) => error !== undefined);
  return [
    `${place.name} by ${place.vantage}: ${names.join(', ')}`,
    ...(refused.length > 0
      ? [`joins refused: ${refused.map((j) => `${j.group} on ${j.interface} (${j.error})`).join(', ')}`]
      : []),
    ...(place.lost > 0 ? [`the capture lost ${place.lost} packets: rates are too low, and losses may be its own`] : []),
    ...(place.problem === null ? [] : [place.problem]),
  ].join('; ');
}
