import type { PlaceWishes } from '../../capture/place.ts';
import { Sweep } from '../../capture/watch-all.ts';
import { type GroupQuery, joinsOf } from '../../discover/group-query.ts';
import { openKept } from '../capture-file.ts';
import { EXIT, UserError } from '../exit.ts';
import { withSession } from '../session.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';
import type { CaptureOptions } from '../watch-options.ts';
import { findPlaces } from '../watch-places.ts';

const LIVE_EVERY = 500;

/**
 * `kmcast capture`: packets of the targets to a pcapng file or a pipe. Exit status 0 when something was captured (and when the
 * reader of the pipe has gone away), 1 when nothing came, 3 when nothing could be captured.
 */
export async function capture(
  words: readonly string[],
  options: CaptureOptions,
  globals: GlobalOptions,
): Promise<number> {
  const queries: readonly GroupQuery[] = options.group ?? [];
  if (options.join === true && queries.length === 0)
    throw new UserError('--join joins the groups that --group names: name one', { status: EXIT.usage });
  const out = openTerminal(globals);
  const kept = openKept(options.write);
  let stop: (() => void) | undefined;
  let interrupted = false;
  const onInterrupt = (): boolean => {
    interrupted = true;
    stop?.();
    return stop !== undefined;
  };
  try {
    return await withSession(options, out, { timeout: options.timeout + options.for, onInterrupt }, async (session) => {
      const { places, cluster, found } = await findPlaces(words, options);
      if (options.dryRun === true) for (const { name } of places) out.say(`would capture on ${name}`);
      const joins = options.join === true ? queries.flatMap((query) => joinsOf(query) ?? []) : [];
      const wishes: PlaceWishes = {
        queries,
        joins,
        interfaces: options.interface ?? [],
        snapLength: options.snapLength,
        milliseconds: options.for,
        ...(options.count === undefined ? {} : { packets: options.count }),
        ...(options.bytes === undefined ? {} : { bytes: options.bytes }),
      };
      const access = cluster === undefined || found === undefined ? undefined : session.access(cluster, found);
      const sweep = new Sweep(
        options.dryRun === true ? places.filter(({ kind }) => kind !== 'local') : places,
        ({ name }) => ({
          ...wishes,
          keep: { file: kept.file, ...(places.length > 1 ? { label: name } : { descriptor: kept.descriptor }) },
        }),
        {
          announce: out.say,
          signal: session.signal,
          onFresh: () => {},
          onStanding: ({ place, vantage, began }) =>
            out.say(`capturing on ${began.interfaces.join(', ')} of ${place.name}, by ${vantage}`),
          ...(access === undefined ? {} : { access }),
        },
      );
      stop = () => sweep.stop();
      let isGone = false;
      void kept.gone.then(() => {
        isGone = true;
        sweep.stop();
      });
      const timer = setInterval(() => {
        const packets = sweep.glances().reduce((sum, { glance }) => sum + glance.packets, 0);
        out.progress(`${packets} packets`);
      }, LIVE_EVERY);
      const outcomes = await sweep.ended.finally(() => clearInterval(timer));
      if (options.dryRun === true) return EXIT.ok;
      if (!isGone && !outcomes.some(({ native }) => native === true)) await kept.file.flush();
      for (const { place, problem, tally } of outcomes) {
        const lost = tally === undefined || tally.lost === 0 ? '' : `, ${tally.lost} lost by the capture`;
        if (tally !== undefined) out.say(`${place.name}: ${tally.written} packets${lost}`);
        if (problem !== undefined && !problem.includes('EPIPE')) out.say(`${place.name}: ${problem}`);
      }
      if (interrupted) return EXIT.interrupted;
      const tallies = outcomes.flatMap(({ tally }) => tally ?? []);
      if (tallies.length < outcomes.length || tallies.length === 0) return EXIT.noVerdict;
      return tallies.some(({ written }) => written > 0) || isGone ? EXIT.ok : EXIT.findings;
    });
  } finally {
    kept.close();
  }
}
