/** Runs the rules over a case. */
import type { Case } from './case.ts';
import type { Check, Finding } from './diagnosis.ts';
import type { Fix } from './fix.ts';
import { missing } from './needs.ts';
import { type Found, type Rule, STAGES } from './rule.ts';

export interface Examined {
  readonly checks: readonly Check[];
  /** Errors first, each severity in the order of the datagram's way. */
  readonly findings: readonly (Finding & { readonly fixes: readonly Fix[] })[];
}

/** Every rule is asked once. A rule that throws is a defect of kmcast; it does not take the others with it. */
export function examine(c: Case, rules: readonly Rule[]): Examined {
  const checks: Check[] = [];
  const findings: (Finding & { fixes: readonly Fix[] })[] = [];
  for (const rule of ordered(rules)) {
    const pointless = pointlessFor(c, rule, findings);
    const answer: Answer = pointless === undefined ? ask(rule, c) : { outcome: 'skipped', reason: pointless };
    if ('reason' in answer) checks.push({ rule: rule.id, ...answer });
    else {
      checks.push({ rule: rule.id, outcome: answer.found.length > 0 ? 'fail' : 'pass' });
      findings.push(...answer.found.map((f) => finding(rule, f)));
    }
  }
  return { checks, findings: findings.sort((a, b) => rank(a) - rank(b)) };
}

function pointlessFor(c: Case, rule: Rule, findings: readonly Finding[]): string | undefined {
  // A question about an address that is no group has no other answer.
  if (findings.some((f) => f.rule === 'not-multicast')) return 'the address is no group';
  return c.standIn && rule.stage === 'group' ? 'no group was named' : undefined;
}

function ordered(rules: readonly Rule[]): Rule[] {
  return [...rules].sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));
}

type Answer =
  | { readonly outcome: 'skipped' | 'unknown'; readonly reason: string }
  | { readonly found: readonly Found[] };

function ask(rule: Rule, c: Case): Answer {
  try {
    const skipped = rule.skip?.(c);
    if (skipped !== undefined) return { outcome: 'skipped', reason: skipped };
    const gap = missing(c, rule.needs);
    return gap === undefined ? { found: rule.check(c) } : { outcome: 'unknown', reason: gap };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { outcome: 'unknown', reason: `the rule failed, which is a defect of kmcast: ${words}` };
  }
}

function finding(rule: Rule, found: Found): Finding & { fixes: readonly Fix[] } {
  return {
    rule: rule.id,
    stage: rule.stage,
    severity: found.severity ?? rule.severity,
    title: found.summary,
    detail: found.detail,
    advice: found.advice,
    evidence: found.evidence,
    fixes: found.fixes,
  };
}

function rank(f: Finding): number {
  return ['error', 'warning', 'info'].indexOf(f.severity) * 100 + STAGES.indexOf(f.stage);
}
