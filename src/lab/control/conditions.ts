/** status.conditions (meta/v1 Condition and its older kin). */
import { timestamp } from '../store/names.ts';

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  [more: string]: string | undefined;
}

/** The list with that condition in it; its time changes with its status alone. `stamps` are written whenever anything of it changes. */
export function withCondition(
  list: readonly Condition[] | undefined,
  wanted: Omit<Condition, 'lastTransitionTime'> & { type: string; status: string },
  stamps: readonly string[] = [],
): Condition[] {
  const now = timestamp();
  const before = list?.find(({ type }) => type === wanted.type);
  const isSame = before !== undefined && Object.entries(wanted).every(([key, value]) => before[key] === value);
  if (isSame) return [...(list ?? [])];
  const condition: Condition = {
    ...wanted,
    lastTransitionTime: before?.status === wanted.status ? (before.lastTransitionTime ?? now) : now,
    ...Object.fromEntries(stamps.map((key) => [key, now])),
  };
  if (before === undefined) return [...(list ?? []), condition];
  return (list ?? []).map((one) => (one === before ? condition : one));
}
