/** The first place on the way that the datagrams did not reach, and what doctor knows of it. */
import type { Diagnosis } from '../doctor/diagnosis.ts';
import type { Hop } from './hops.ts';
import { type Place, placesOf } from './place.ts';

/** Where a failing path loses its datagrams. */
export interface Died {
  /** The place of the first hop that did not see them; null where they all arrived this time. */
  readonly at: Place | null;
  /** All that was looked at, in the order of the way; the last is the receiver's socket. */
  readonly hops: readonly Hop[];
  /** The last hop that saw them, and the first that did not (or saw fewer). */
  readonly after: string | null;
  readonly before: string | null;
  /** Doctor's rules that speak of this place; the root cause first. */
  readonly findings: readonly { readonly rule: string; readonly detail: string; readonly target: string }[];
}

/** Looks do not begin and end at once: so much less is no loss. */
const SLACK = { share: 0.02, datagrams: 2 };
const MOST_FINDINGS = 3;

/** `hops` end with the socket. */
export function diedAt(hops: readonly Hop[], diagnoses: readonly Diagnosis[]): Died {
  const loss = firstLoss(hops);
  if (loss === undefined) return { at: null, hops, after: null, before: null, findings: [] };
  const [after, before] = [hops[loss.last], hops[loss.next]!];
  return {
    at: before.place,
    hops,
    after: after?.at ?? null,
    before: before.at,
    findings: findingsAt(before.place, diagnoses),
  };
}

/**
 * The first hop that saw clearly less than the last one before it that could look; -1 stands for the sender's socket. A hop without
 * datagrams that later ones have is not on the way (a macvlan passes by the node's bridges).
 */
function firstLoss(hops: readonly Hop[]): { last: number; next: number } | undefined {
  let last = -1;
  for (const [index, { seen }] of hops.entries()) {
    if (seen === null) continue;
    const isOnTheWay = seen > 0 || hops.slice(index + 1).every((later) => later.seen === null || later.seen === 0);
    if (!isOnTheWay) continue;
    const before = last < 0 ? undefined : hops[last]?.seen;
    const isLess = before == null ? seen === 0 : seen < before * (1 - SLACK.share) - SLACK.datagrams;
    if (isLess) return { last, next: index };
    last = index;
  }
  return undefined;
}

/** What doctor's errors say of a place. */
export function findingsAt(at: Place, diagnoses: readonly Diagnosis[]): Died['findings'] {
  const found = diagnoses.flatMap(({ target, rootCause, findings }) =>
    findings
      .filter((finding) => finding.severity === 'error' && placesOf(finding).includes(at))
      .map(({ rule, detail }) => ({ rule, detail, target: target.name, first: rule === rootCause })),
  );
  return found
    .sort((a, b) => Number(b.first) - Number(a.first))
    .filter(({ rule }, index, all) => all.findIndex((other) => other.rule === rule) === index)
    .slice(0, MOST_FINDINGS)
    .map(({ first: _, ...finding }) => finding);
}
