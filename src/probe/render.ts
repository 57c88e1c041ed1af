/** Renderings of a probe: pure functions of its report. */
import { stringify } from 'yaml';
import type { Style } from '../report/style.ts';
import { probeJunit } from './junit.ts';
import type { ProbeReport } from './probe-report.ts';
import { probeText } from './probe-text.ts';

export const PROBE_FORMATS = ['text', 'json', 'jsonl', 'yaml', 'junit'] as const;
export type ProbeFormat = (typeof PROBE_FORMATS)[number];

export function renderProbe(report: ProbeReport, format: ProbeFormat, s: Style): string {
  switch (format) {
    case 'text':
      return `${probeText(report, s)}\n`;
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'jsonl':
      return [...report.paths.map((path) => ({ event: 'path', ...path })), { event: 'result', ...report }]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join('');
    case 'yaml':
      return stringify(report, { lineWidth: 0 });
    case 'junit':
      return probeJunit(report);
  }
}
