import { diagnose } from '../../doctor/diagnose.ts';
import type { Diagnosis } from '../../doctor/diagnosis.ts';
import { rules } from '../../doctor/rules/index.ts';
import { type Format, renderDiagnoses } from '../../report/report.ts';
import { EXIT } from '../exit.ts';
import { look } from '../look.ts';
import type { LookOptions } from '../options.ts';
import { readSnapshot, writeSnapshot } from '../snapshot-file.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';

export interface DoctorOptions extends LookOptions {
  readonly output: Format;
  readonly snapshot?: string;
  readonly write?: string;
}

/** `kmcast doctor`: exit status 0 when no error was found and all is well, 1 with a root cause, 3 without a verdict. */
export async function doctor(
  words: readonly string[],
  options: DoctorOptions,
  globals: GlobalOptions,
): Promise<number> {
  const out = openTerminal(globals);
  const snapshot =
    options.snapshot === undefined ? await look(words, options, out) : await readSnapshot(options.snapshot);
  if (snapshot === undefined) return EXIT.ok;
  if (options.write !== undefined) await writeSnapshot(snapshot, options.write, out);
  const diagnoses = diagnose(snapshot, rules);
  await out.write(renderDiagnoses(diagnoses, options.output, out.style));
  return statusOf(diagnoses);
}

function statusOf(diagnoses: readonly Diagnosis[]): number {
  if (diagnoses.some((d) => d.verdict === 'broken')) return EXIT.findings;
  // One target of many that is no member of anything is no reason to call the look a failure.
  const asked = diagnoses.filter((d) => d.group !== null);
  const unknown = (asked.length > 0 ? asked : diagnoses).some((d) => d.verdict === 'unknown');
  return unknown || diagnoses.length === 0 ? EXIT.noVerdict : EXIT.ok;
}
