/** Two observations of one namespace, from two vantages, made one: what either knows is known. */
import { type Fact, isKnown, known } from '../../model/fact.ts';
import type { NetnsFacts } from '../../model/netns.ts';
import type { Movement } from '../movement.ts';
import type { Observation } from '../snapshot.ts';

/** `first` wins where both know; a reason is kept from `first` where neither does. */
export function mergeObservations(first: Fact<Observation>, second: Fact<Observation>): Fact<Observation> {
  if (!isKnown(first)) return isKnown(second) ? second : first;
  if (!isKnown(second)) return first;
  const [a, b] = [first.value, second.value];
  return known({
    netns: mergeFields<NetnsFacts>(a.netns, b.netns),
    movement:
      isKnown(a.movement) && isKnown(b.movement)
        ? known(mergeFields<Movement>(a.movement.value, b.movement.value))
        : either(a.movement, b.movement),
    look: either(a.look, b.look),
    joinLook: either(a.joinLook, b.joinLook),
    refusedJoins: [...a.refusedJoins, ...b.refusedJoins],
  });
}

function either<T>(a: Fact<T>, b: Fact<T>): Fact<T> {
  return isKnown(a) || !isKnown(b) ? a : b;
}

function mergeFields<T extends { readonly [K in keyof T]: Fact<unknown> }>(a: T, b: T): T {
  const keys = Object.keys(a) as (keyof T)[];
  return Object.fromEntries(keys.map((key) => [key, either(a[key], b[key])])) as T;
}
