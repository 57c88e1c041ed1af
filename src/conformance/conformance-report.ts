/** What `kmcast conformance -o json` says (docs/schema/conformance.json). */
import type { Family } from '../model/netns.ts';
import type { CaseReport } from './case.ts';
import type { Claim } from './claim.ts';
import type { Crossing, Level, Reach } from './judge.ts';

/**
 * `falls-short`: it does less than it claims, or floods where it claims to snoop; `unknown`: level or reach could not be measured;
 * `exceeds`: it does what is claimed, and more; `measured`: nothing is claimed; `conforms`: it does what is claimed.
 */
export const VERDICTS = ['falls-short', 'unknown', 'exceeds', 'measured', 'conforms'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface ConformanceReport {
  readonly schemaVersion: 'kmcast/v1';
  readonly kind: 'Conformance';
  readonly kmcastVersion: string;
  /** RFC 3339. */
  readonly time: string;
  /** The worst of the families', in the order of VERDICTS. */
  readonly verdict: Verdict;
  readonly summary: string;
  readonly network: NetworkReport | null;
  readonly ends: readonly EndReport[];
  readonly families: readonly FamilyReport[];
}

export interface NetworkReport {
  readonly name: string;
  /** Name for people. */
  readonly label: string;
  readonly version?: string;
  readonly evidence: string;
}

/** A throw-away pod. */
export interface EndReport {
  readonly role: string;
  readonly node: string;
  readonly namespace: string;
  readonly hostNetwork: boolean;
  readonly pod?: string;
  readonly image?: string;
  readonly addresses: readonly string[];
  /** Why it could not be had. */
  readonly problem?: string;
}

export interface FamilyReport {
  readonly family: Family;
  readonly group: string;
  readonly verdict: Verdict;
  /** In the words of KEP-31's draft; null where it could not be measured. */
  readonly level: Level | null;
  readonly reach: Reach | null;
  readonly crossesBoundary: Crossing | null;
  readonly claim: Claim | null;
  /** Why nothing is claimed. */
  readonly noClaim?: string;
  /** Measured and claimed apart, as sentences. */
  readonly differences: readonly string[];
  /** What could not be measured, and why. */
  readonly unknown: readonly string[];
  readonly cases: readonly CaseReport[];
}
