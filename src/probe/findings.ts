/** What a probe finds beside loss: it does not decide the exit status, which speaks of loss alone. */
import { silentGroup } from './free-group.ts';
import type { ProbePlan } from './plan.ts';
import type { ReceiverReport } from './probe-report.ts';

export interface ProbeFinding {
  /** `group-leak`: groups are not kept apart. */
  readonly finding: 'group-leak';
  readonly severity: 'warning';
  /** `pod/rx`. */
  readonly target: string;
  readonly namespace?: string;
  readonly detail: string;
}

export function findingsOf({ group }: Pick<ProbePlan, 'group'>, receivers: readonly ReceiverReport[]): ProbeFinding[] {
  return receivers
    .filter(({ leaked }) => leaked > 0)
    .map(({ name, namespace, leaked }) => ({
      finding: 'group-leak',
      severity: 'warning',
      target: name,
      ...(namespace === undefined ? {} : { namespace }),
      detail: `${leaked} datagrams to ${group.address} came to a socket that is a member of ${silentGroup(group)} alone, which has the same MAC address: something on the way does not keep groups apart`,
    }));
}

/** Values that the receiver's runtime tells of arriving datagrams; `unknown` where datagrams came and it tells none. */
export type Told<T> = readonly T[] | 'unknown';

export function toldOf<T>(came: number, values: readonly T[]): Told<T> {
  return came > 0 && values.length === 0 ? 'unknown' : [...new Set(values)];
}
