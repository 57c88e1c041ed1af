import { diagnose } from '../../doctor/diagnose.ts';
import type { Diagnosis } from '../../doctor/diagnosis.ts';
import { rules } from '../../doctor/rules/index.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import { type Format, renderDiagnoses } from '../../report/report.ts';
import { EXIT, UserError } from '../exit.ts';
import { look } from '../look.ts';
import { readManifests } from '../manifest-files.ts';
import type { LookOptions } from '../options.ts';
import { readSnapshot, writeSnapshot } from '../snapshot-file.ts';
import { type GlobalOptions, openTerminal, type Terminal } from '../terminal.ts';

export interface DoctorOptions extends LookOptions {
  readonly output: Format;
  readonly snapshot?: string;
  readonly filename?: readonly string[];
  readonly write?: string;
}

/** `kmcast doctor`: exit status 0 when no error was found and all is well (of manifests: no error), 1 with a root cause, 3 without a verdict. */
export async function doctor(
  words: readonly string[],
  options: DoctorOptions,
  globals: GlobalOptions,
): Promise<number> {
  const out = openTerminal(globals);
  const snapshot = await factsFor(words, options, out);
  if (snapshot === undefined) return EXIT.ok;
  if (options.write !== undefined) await writeSnapshot(snapshot, options.write, out);
  const diagnoses = diagnose(snapshot, rules);
  await out.write(renderDiagnoses(diagnoses, options.output, out.style));
  return snapshot.manifests === undefined ? statusOf(diagnoses) : statusOfManifests(diagnoses);
}

async function factsFor(
  words: readonly string[],
  options: DoctorOptions,
  out: Terminal,
): Promise<Snapshot | undefined> {
  if (options.filename === undefined)
    return options.snapshot === undefined ? look(words, options, out) : readSnapshot(options.snapshot);
  if (words.length > 0 || options.snapshot !== undefined || options.selector !== undefined)
    throw new UserError('manifests (-f) are asked about by themselves: without targets, -l and --snapshot', {
      hint: 'leave them away, or -f',
      status: EXIT.usage,
    });
  return readManifests(options.filename, options);
}

/** No file can say that a stream arrives. A pipeline wants to know whether something is wrong. */
function statusOfManifests(diagnoses: readonly Diagnosis[]): number {
  return diagnoses.some((d) => d.verdict === 'broken') ? EXIT.findings : EXIT.ok;
}

function statusOf(diagnoses: readonly Diagnosis[]): number {
  if (diagnoses.some((d) => d.verdict === 'broken')) return EXIT.findings;
  // One target of many that is no member of anything is no reason to call the look a failure.
  const asked = diagnoses.filter((d) => d.group !== null);
  const unknown = (asked.length > 0 ? asked : diagnoses).some((d) => d.verdict === 'unknown');
  return unknown || diagnoses.length === 0 ? EXIT.noVerdict : EXIT.ok;
}
