/** Renderings of a conformance report: pure functions of it. */
import { stringify } from 'yaml';
import type { Style } from '../report/style.ts';
import type { ConformanceReport } from './conformance-report.ts';
import { conformanceJunit } from './junit.ts';
import { conformanceText } from './text.ts';

export const CONFORMANCE_FORMATS = ['text', 'json', 'yaml', 'junit'] as const;
export type ConformanceFormat = (typeof CONFORMANCE_FORMATS)[number];

export function renderConformance(report: ConformanceReport, format: ConformanceFormat, s: Style): string {
  switch (format) {
    case 'text':
      return `${conformanceText(report, s)}\n`;
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'yaml':
      return stringify(report, { lineWidth: 0 });
    case 'junit':
      return conformanceJunit(report);
  }
}
