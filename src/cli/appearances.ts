/** Sources as they appear: lines on stdout for programs, a live table or lines on stderr for people. */
import type { Glance } from '../capture/live.ts';
import type { SeenSource } from '../discover/account.ts';
import { discovered } from '../discover/build.ts';
import { formatQuery, type GroupQuery } from '../discover/group-query.ts';
import { HEAD, NUMBERS, sourceCells } from '../report/source-cells.ts';
import { tableLines } from '../report/table.ts';
import type { Terminal } from './terminal.ts';

/** Sources that are told one by one: the report has the others too. */
const MOST_LINES = { live: 8, plain: 64 };
const MOST_EVENTS = 16_384;
/** Rows of the live table. */
const ROWS = 20;

export class Appearances {
  /** Sources with groups and ports, each once. */
  count = 0;
  readonly #seen = new Set<string>();
  readonly #out: Terminal;
  readonly #asLines: boolean;

  constructor({ output }: { readonly output: string }, out: Terminal) {
    this.#out = out;
    this.#asLines = output === 'jsonl';
  }

  /** New sources at a place. */
  tell(place: string, sources: readonly SeenSource[]): void {
    for (const source of sources) {
      const key = [
        place,
        source.interface,
        source.out,
        source.source,
        source.sourcePort,
        source.group,
        source.port,
      ].join(' ');
      if (this.#seen.has(key) || this.#seen.size === MOST_EVENTS) continue;
      this.#seen.add(key);
      this.count++;
      if (this.#asLines) {
        void this.#out.write(`${JSON.stringify({ type: 'source', ...discovered(place, source) })}\n`);
      } else this.#sayOne(place, source);
    }
  }

  /** The live table. */
  show(
    glances: readonly { readonly place: { readonly name: string }; readonly glance: Glance }[],
    milliseconds: number,
    queries: readonly GroupQuery[],
  ): void {
    if (!this.#out.live || glances.length === 0) return;
    const rows = glances
      .flatMap(({ place, glance }) => glance.sources.map((source) => ({ ...source, place: place.name })))
      .sort((a, b) => b.packets - a.packets);
    const lost = glances.reduce((sum, { glance }) => sum + glance.lost, 0);
    const total = glances.reduce((sum, { glance }) => sum + glance.rows, 0);
    const asked = queries.length === 0 ? 'all groups' : queries.map(formatQuery).join(', ');
    const head = `watching ${asked}: ${total === 1 ? '1 source' : `${total} sources`} after ${Math.round(milliseconds / 1000)} s${lost > 0 ? `, ${lost} packets lost by the capture` : ''}`;
    const cells = rows.slice(0, ROWS).map((row) => sourceCells(row, glances.length > 1, lost > 0));
    this.#out.progress([head, ...(cells.length > 0 ? tableLines(HEAD, cells, NUMBERS) : [])].join('\n'));
  }

  #sayOne(place: string, source: SeenSource): void {
    const most = this.#out.live ? MOST_LINES.live : MOST_LINES.plain;
    if (this.count > most) {
      if (this.count === most + 1 && !this.#out.live) this.#out.say('more sources appear: the report lists them');
      return;
    }
    const [from, to, where, kind] = sourceCells({ ...source, place }, true, false);
    this.#out.say(`${from} sends to ${to}, seen on ${where} (${kind})`);
  }
}
