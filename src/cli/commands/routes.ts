import { stringify } from 'yaml';
import { groupsFor } from '../../doctor/diagnose.ts';
import type { Format } from '../../report/report.ts';
import { routesText } from '../../routes/text.ts';
import { routesView } from '../../routes/view.ts';
import { EXIT } from '../exit.ts';
import { look } from '../look.ts';
import type { LookOptions } from '../options.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';

/** `kmcast routes`: interfaces and routes of the targets; exit status 3 when nothing of a target could be read. */
export async function routes(
  words: readonly string[],
  options: LookOptions & { readonly output: Format },
  globals: GlobalOptions,
): Promise<number> {
  const out = openTerminal(globals);
  const snapshot = await look(words, options, out, { wire: false });
  if (snapshot === undefined) return EXIT.ok;
  const sources =
    options.source !== undefined ? [options.source] : (options.group ?? []).flatMap((group) => group.source ?? []);
  const views = snapshot.targets.map((target) => routesView(snapshot, target, groupsFor(snapshot, target), sources));
  const report = {
    schemaVersion: 'kmcast/v1',
    kind: 'Routes',
    kmcastVersion: snapshot.kmcastVersion,
    time: snapshot.time,
    items: views,
  };
  const text =
    options.output === 'json'
      ? `${JSON.stringify(report, null, 2)}\n`
      : options.output === 'yaml'
        ? stringify(report, { lineWidth: 0 })
        : `${views.map((view) => routesText(view, out.style)).join('\n\n')}\n`;
  await out.write(text);
  return views.every((view) => view.interfaces.length > 0) ? EXIT.ok : EXIT.noVerdict;
}
