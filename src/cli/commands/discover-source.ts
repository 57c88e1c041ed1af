import { stringify } from 'yaml';
import { readCapturePlace } from '../../capture/file-watch.ts';
import type { PlaceWishes } from '../../capture/place.ts';
import { type PlaceOutcome, Sweep } from '../../capture/watch-all.ts';
import { connect } from '../../cluster/connect.ts';
import { buildDiscovery } from '../../discover/build.ts';
import type { Discovery } from '../../discover/discovery.ts';
import { formatQuery, type GroupQuery, joinsOf, MOST_JOINS, parseGroupQuery } from '../../discover/group-query.ts';
import type { ExistingNad } from '../../discover/nad-answer.ts';
import { discoveryText } from '../../report/discovery-text.ts';
import { Appearances } from '../appearances.ts';
import { type KeptFile, openKept } from '../capture-file.ts';
import { EXIT, UserError } from '../exit.ts';
import { readNad } from '../read-nad.ts';
import { type Session, withSession } from '../session.ts';
import { type GlobalOptions, openTerminal, type Terminal } from '../terminal.ts';
import { VERSION } from '../version.ts';
import type { DiscoverOptions } from '../watch-options.ts';
import { findPlaces } from '../watch-places.ts';

/** Whole packets of any usual network: MPEG-TS is told by all of a datagram. */
const SNAP_LENGTH = 2048;
const LIVE_EVERY = 500;

/** `kmcast discover-source`: exit status 0 with a source, 1 with none, 3 when it could not look. */
export async function discoverSource(
  words: readonly string[],
  options: DiscoverOptions,
  globals: GlobalOptions,
): Promise<number> {
  const queries = queriesOf(words, options);
  const out = openTerminal(globals);
  let stop: (() => void) | undefined;
  let interrupted = false;
  const onInterrupt = (): boolean => {
    interrupted = true;
    stop?.();
    return stop !== undefined;
  };
  const kept = options.write === undefined ? undefined : openKept(options.write);
  const wishes = { timeout: options.timeout + options.for, onInterrupt };
  try {
    const discovery = await withSession(options, out, wishes, (session) =>
      options.read === undefined
        ? live(queries, options, out, session, kept, (sweep) => {
            stop = sweep;
          })
        : fromFile(options.read, queries, options, out, session, kept),
    );
    if (discovery === undefined) return EXIT.ok;
    await out.write(render(discovery, options, out));
    return interrupted ? EXIT.interrupted : statusOf(discovery, out);
  } finally {
    kept?.close();
  }
}

function queriesOf(words: readonly string[], options: DiscoverOptions): GroupQuery[] {
  const parsed = words.map(parseGroupQuery);
  const problem =
    parsed.find((query) => typeof query === 'string') ??
    (words.length === 0 && options.any !== true && options.read === undefined
      ? 'name a group, or give --any for all groups on the wire'
      : words.length > 0 && options.any === true
        ? 'give groups or --any, not both'
        : options.read !== undefined && (options.on !== undefined || options.selector !== undefined)
          ? 'a file (-r) is read here: --on and -l do not go with it'
          : options.write === '-'
            ? 'standard output has the report: name a file for -w, or use kmcast capture -w -'
            : undefined);
  if (typeof problem === 'string') throw new UserError(problem, { status: EXIT.usage });
  return parsed as GroupQuery[];
}

async function live(
  queries: readonly GroupQuery[],
  options: DiscoverOptions,
  out: Terminal,
  session: Session,
  kept: KeptFile | undefined,
  onStop: (stop: () => void) => void,
): Promise<Discovery | undefined> {
  const { places, cluster, found } = await findPlaces(options.on ?? [], options);
  const nad = await nadOf(options, async () => cluster ?? (await connect(options)));
  const joins = options.join ? wantedJoins(queries, out) : [];
  if (options.dryRun === true) {
    const named = joins.map(({ group }) => group).join(', ');
    for (const { name } of places)
      out.say(`would capture on ${name}${named === '' ? '' : `, and join ${named} there`}`);
  }
  const access = cluster === undefined || found === undefined ? undefined : session.access(cluster, found);
  const appearances = new Appearances(options, out);
  const wishes: PlaceWishes = {
    queries,
    joins,
    interfaces: options.interface ?? [],
    snapLength: SNAP_LENGTH,
    milliseconds: options.for,
  };
  out.progress(`opening ${places.length === 1 ? places[0]!.name : `${places.length} places`} …`);
  const isEnough = () => appearances.count >= (options.count ?? Number.POSITIVE_INFINITY);
  const sweep = new Sweep(
    options.dryRun === true ? places.filter(({ kind }) => kind !== 'local') : places,
    (place) => (kept === undefined ? wishes : { ...wishes, keep: keptAt(kept, place.name, places.length) }),
    {
      announce: out.say,
      signal: session.signal,
      onFresh: ({ name }, sources) => {
        appearances.tell(name, sources);
        if (isEnough()) sweep.stop();
      },
      ...(access === undefined ? {} : { access }),
    },
  );
  onStop(() => sweep.stop());
  const began = Date.now();
  const timer = setInterval(() => appearances.show(sweep.glances(), Date.now() - began, queries), LIVE_EVERY);
  try {
    const outcomes = await sweep.ended;
    if (options.dryRun === true) return undefined;
    if (kept !== undefined && !outcomes.some(({ native }) => native === true)) await kept.file.flush();
    return report(queries, outcomes, nad, options, isEnough());
  } finally {
    clearInterval(timer);
    out.done();
  }
}

async function fromFile(
  path: string,
  queries: readonly GroupQuery[],
  options: DiscoverOptions,
  out: Terminal,
  { signal }: Session,
  kept: KeptFile | undefined,
): Promise<Discovery> {
  const nad = await nadOf(options, () => connect(options));
  const appearances = new Appearances(options, out);
  const name = path === '-' ? 'stdin' : path;
  const outcome = await readCapturePlace(path, {
    queries,
    signal,
    onFresh: (sources) => appearances.tell(name, sources),
    ...(kept === undefined ? {} : { file: kept.file }),
  }).catch((error: Error) => {
    throw new UserError(error.message, { hint: 'name a pcap or pcapng file, or - for standard input' });
  });
  return report(queries, [outcome], nad, options);
}

function report(
  queries: readonly GroupQuery[],
  outcomes: readonly PlaceOutcome[],
  nad: ExistingNad | undefined,
  { subnet: subnets = [] }: DiscoverOptions,
  cutShort = false,
): Discovery {
  const input = { version: VERSION, now: new Date(), queries, outcomes, subnets, cutShort };
  return buildDiscovery(nad === undefined ? input : { ...input, nad });
}

async function nadOf(
  { nad }: DiscoverOptions,
  cluster: () => ReturnType<typeof connect>,
): Promise<ExistingNad | undefined> {
  return nad === undefined ? undefined : readNad(await cluster(), nad);
}

function wantedJoins(queries: readonly GroupQuery[], out: Terminal) {
  if (queries.length === 0)
    out.say('listening to all groups without joining any: a switch that snoops shows only some');
  return queries.flatMap((query) => {
    const joins = joinsOf(query);
    if (joins === undefined)
      out.say(`${formatQuery(query)} is more than ${MOST_JOINS} groups: listening without joining them`);
    return joins ?? [];
  });
}

/** Several places in one file are told apart by their names. */
function keptAt(kept: KeptFile, name: string, places: number): NonNullable<PlaceWishes['keep']> {
  if (places > 1) return { file: kept.file, label: name };
  return { file: kept.file, descriptor: kept.descriptor };
}

function render(discovery: Discovery, options: DiscoverOptions, out: Terminal): string {
  if (options.output === 'json') return `${JSON.stringify(discovery, null, 2)}\n`;
  if (options.output === 'yaml') return stringify(discovery, { lineWidth: 0, aliasDuplicateObjects: false });
  if (options.output === 'jsonl') return `${JSON.stringify({ type: 'discovery', ...discovery })}\n`;
  return `${discoveryText(discovery, out.style)}\n`;
}

function statusOf(discovery: Discovery, out: Terminal): number {
  if (discovery.sources.length > 0) return EXIT.ok;
  const failed = discovery.places.filter(({ problem }) => problem !== null);
  for (const { name, problem } of failed) out.say(`${name}: ${problem}`);
  const unwatched = discovery.places.length === 0 || failed.length > 0;
  return unwatched ? EXIT.noVerdict : EXIT.findings;
}
