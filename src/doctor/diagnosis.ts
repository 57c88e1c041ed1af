/** What `doctor` ends with; documented by docs/schema/diagnosis.json. Field names and rule ids are part of kmcast's interface. */

import type { VantageRecord } from '../facts/snapshot.ts';
import type { Alternative, Plan } from '../plan/plan.ts';
import type { Evidence, Severity, Stage } from './rule.ts';

export type Verdict = 'healthy' | 'broken' | 'unknown';

export interface Finding {
  readonly rule: string;
  readonly stage: Stage;
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  readonly advice: string;
  readonly evidence: readonly Evidence[];
}

export type Outcome = 'pass' | 'fail' | 'unknown' | 'skipped';

export interface Check {
  readonly rule: string;
  readonly outcome: Outcome;
  readonly reason?: string;
}

export interface Diagnosis {
  readonly schemaVersion: 'kmcast/v1';
  readonly kind: 'Diagnosis';
  readonly kmcastVersion: string;
  readonly time: string;
  readonly target: {
    readonly name: string;
    readonly namespace: string | null;
    readonly node: string | null;
    /** Where it stands, when it comes from a file: `rx.yaml:12`. */
    readonly file?: string;
    readonly role: string;
  };
  readonly group: string | null;
  readonly verdict: Verdict;
  /** One sentence for the verdict. */
  readonly summary: string;
  readonly rootCause: string | null;
  readonly findings: readonly Finding[];
  readonly plan: Plan;
  readonly alternatives: readonly Alternative[];
  readonly checks: readonly Check[];
  readonly vantages: readonly VantageRecord[];
}

export interface Diagnoses {
  readonly schemaVersion: 'kmcast/v1';
  readonly kind: 'Diagnoses';
  readonly kmcastVersion: string;
  readonly time: string;
  /** Worst first. */
  readonly items: readonly Diagnosis[];
}
