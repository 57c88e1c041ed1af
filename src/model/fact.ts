/**
 * A fact: something observed, or the reason why it could not be. There is no third state: a reader that
 * cannot know says why, and a rule that needs the value reports `unknown` with that reason.
 */
export type Fact<T> = { readonly value: T } | { readonly unknown: string };

/** A fact that was observed. */
export function known<T>(value: T): Fact<T> {
  return { value };
}

/** A fact that could not be observed; `reason` is a sentence part for the operator, such as "pods/exec is forbidden in video". */
export function unknown(reason: string): { readonly unknown: string } {
  return { unknown: reason };
}

/** Whether the fact was observed. */
export function isKnown<T>(fact: Fact<T>): fact is { readonly value: T } {
  return 'value' in fact;
}

/** The observed value, or `undefined`. */
export function valueIn<T>(fact: Fact<T>): T | undefined {
  return isKnown(fact) ? fact.value : undefined;
}

/** The reason why a fact is missing, or `undefined` when it was observed. */
export function reasonOf<T>(fact: Fact<T>): string | undefined {
  return isKnown(fact) ? undefined : fact.unknown;
}

/** Applies `change` to an observed value; a missing fact stays missing, with its reason. */
export function mapFact<T, U>(fact: Fact<T>, change: (value: T) => U): Fact<U> {
  return isKnown(fact) ? known(change(fact.value)) : fact;
}
