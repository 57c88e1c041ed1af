/** The cases that are run on a pod network, and what each one's claim and measurement say together. */

/** Stable names; those of the KEP-31 draft's questions, asked within and across nodes. */
export const CASES = [
  'same-node',
  'cross-node',
  'cross-namespace-same-node',
  'cross-namespace-cross-node',
  'to-host-same-node',
  'to-host-cross-node',
  'from-host-same-node',
  'from-host-cross-node',
  'to-outside',
  'from-outside',
  'non-member-same-node',
  'non-member-cross-node',
  'link-local-same-node',
  'link-local-cross-node',
] as const;
export type CaseId = (typeof CASES)[number];

/** Whether datagrams arrive. Of non-members: whether frames reach the interface of a pod that joined nothing. */
export type Arrival = 'arrives' | 'nothing';

/** One case as it was measured. */
export interface Measured {
  readonly id: CaseId;
  /** `pod node1`, `pod node2 (other)`, `host node1`, `local`. */
  readonly from: string;
  readonly to: string;
  readonly observed: Arrival | 'unknown';
  readonly sent: number;
  readonly received: number;
  /** TTLs or hop limits that arrived, and the one sent; a router in between takes one off. */
  readonly ttl: readonly number[];
  readonly sentTtl: number;
  /** What was seen, as a sentence. */
  readonly evidence?: string;
  /** Why it is unknown. */
  readonly reason?: string;
}

/**
 * `less`: the network does not do what it claims, or floods where it claims to snoop; `more`: it does what it is not said to do;
 * `unclaimed`: nothing is claimed.
 */
export type Outcome = 'as-claimed' | 'less' | 'more' | 'unclaimed' | 'unknown';

export interface CaseReport extends Measured {
  readonly claimed: Arrival | null;
  readonly outcome: Outcome;
}

export function isNonMember(id: CaseId): boolean {
  return id.startsWith('non-member');
}

/**
 * Compares one case with what is claimed of it. Frames that reach a non-member are less than was promised only where snooping was:
 * a network that floods may flood further than it is said to.
 */
export function compared(measured: Measured, claimed: Arrival | null, isSnooping: boolean): CaseReport {
  const { id, observed } = measured;
  const outcome = (): Outcome => {
    if (observed === 'unknown') return 'unknown';
    if (claimed === null) return 'unclaimed';
    if (claimed === observed) return 'as-claimed';
    if (isNonMember(id)) return observed === 'arrives' && isSnooping ? 'less' : 'more';
    return observed === 'nothing' ? 'less' : 'more';
  };
  return { ...measured, claimed, outcome: outcome() };
}
