/** Renderings of a report: pure functions from data to text. */
import { stringify } from 'yaml';
import type { Diagnoses, Diagnosis } from '../doctor/diagnosis.ts';
import { diagnosisText } from './diagnosis-text.ts';
import type { Style } from './style.ts';

export const FORMATS = ['text', 'json', 'yaml'] as const;
export type Format = (typeof FORMATS)[number];

/** One diagnosis stands by itself; several are a list, worst first. */
export function bundle(diagnoses: readonly Diagnosis[]): Diagnosis | Diagnoses {
  const [first] = diagnoses;
  if (diagnoses.length === 1 && first !== undefined) return first;
  return {
    schemaVersion: 'kmcast/v1',
    kind: 'Diagnoses',
    kmcastVersion: first?.kmcastVersion ?? '',
    time: first?.time ?? '',
    items: diagnoses,
  };
}

export function renderDiagnoses(diagnoses: readonly Diagnosis[], format: Format, s: Style): string {
  if (format === 'json') return `${JSON.stringify(bundle(diagnoses), null, 2)}\n`;
  if (format === 'yaml') return stringify(bundle(diagnoses), { lineWidth: 0 });
  if (diagnoses.length === 1) return `${diagnosisText(diagnoses[0]!, s)}\n`;
  const broken = diagnoses.filter((d) => d.verdict === 'broken').length;
  const healthy = diagnoses.filter((d) => d.verdict === 'healthy').length;
  const head = s.strong(
    `${diagnoses.length} looked at: ${broken} broken, ${diagnoses.length - broken - healthy} unknown, ${healthy} healthy`,
  );
  return `${[head, ...diagnoses.map((d) => diagnosisText(d, s))].join(`\n\n${s.faint('-'.repeat(Math.min(s.width, 72)))}\n`)}\n`;
}
