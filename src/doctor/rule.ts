/** A rule: one possible cause, as a pure function from facts to findings. */
import type { Case } from './case.ts';
import type { Fix } from './fix.ts';
import type { Needed } from './needs.ts';

/** Where on the datagram's way a rule stands, in the order of the way. `manifest`: what only files show. */
export const STAGES = [
  'group',
  'sender',
  'network',
  'node',
  'attachment',
  'membership',
  'filter',
  'socket',
  'manifest',
] as const;
export type Stage = (typeof STAGES)[number];

export type Severity = 'error' | 'warning' | 'info';

/** What was seen, where, and from which source it was read. */
export interface Evidence {
  /** `pod/rx net1`, `node/node1 eth1`, `NetworkAttachmentDefinition video/mcast`. */
  readonly at: string;
  /** `/proc/net/igmp`, `spec.config`, `event FailedCreatePodSandBox`. */
  readonly source: string;
  readonly observed: string;
}

/** What a rule says when it fires. */
export interface Found {
  /** The rule's own severity unless given. */
  readonly severity?: Severity;
  /** What is wrong, in one line. */
  readonly summary: string;
  /** Why that keeps the datagrams away, in a sentence or two. */
  readonly detail: string;
  /** What to do, in a sentence. */
  readonly advice: string;
  readonly evidence: readonly Evidence[];
  readonly fixes: readonly Fix[];
}

export interface Rule {
  readonly id: string;
  /** A true statement, so that a tick before it reads well. */
  readonly title: string;
  readonly stage: Stage;
  readonly severity: Severity;
  /** Facts without which the check is unknown. */
  readonly needs: readonly Needed[];
  /** Why the rule has nothing to say of this case, or `undefined` when it has. */
  readonly skip?: (c: Case) => string | undefined;
  readonly check: (c: Case) => readonly Found[];
}
