import { type Fact, isKnown, unknown } from '../model/fact.ts';

/** The first fact that could be observed of several ways to observe it; else unknown, with every reason once. Later ways are not tried in vain. */
export function firstKnown<T>(...ways: readonly (() => Fact<T>)[]): Fact<T> {
  const reasons = new Set<string>();
  for (const way of ways) {
    const fact = way();
    if (isKnown(fact)) return fact;
    reasons.add(fact.unknown);
  }
  return unknown([...reasons].join('; '));
}

/** Parts that make a whole: known when each part is, else unknown with the reasons of those that are not. */
export function allKnown<T>(...parts: readonly Fact<readonly T[]>[]): Fact<readonly T[]> {
  const reasons = new Set(parts.flatMap((part) => (isKnown(part) ? [] : [part.unknown])));
  if (reasons.size > 0) return unknown([...reasons].join('; '));
  return { value: parts.flatMap((part) => (isKnown(part) ? part.value : [])) };
}

/** The observed list; nothing when it could not be observed. */
export function orNone<T>(fact: Fact<readonly T[]>): readonly T[] {
  return isKnown(fact) ? fact.value : [];
}
