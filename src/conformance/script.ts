/** The cases in terms of who sends to whom, and in which test they are run. */
import type { CaseId } from './case.ts';
import type { Cast, Seat } from './cast.ts';

/**
 * `main`: the sender alone sends, while the bystanders count; then, side by side, what must not be counted there.
 * Each test has its own datagrams; all but `link-local` have the same group.
 */
export type TestName = 'main' | 'hosts' | 'inward' | 'outward' | 'link-local';

export interface Scene {
  readonly id: CaseId;
  readonly test: TestName;
  readonly from: Seat;
  readonly to: Seat;
}

/** Every case but those of non-members. */
export function scenesOf({ nodes, seat, outside }: Cast): Scene[] {
  const sender = seat('sender', 0);
  const host = seat('host', 0);
  /** Indexes of the other nodes; the first of them also when it is missing, so that the case says so. */
  const others = nodes.length < 2 ? [1] : nodes.slice(1).map((_, index) => index + 1);
  return [
    { id: 'same-node', test: 'main', from: sender, to: seat('member', 0) },
    ...others.map((index): Scene => ({ id: 'cross-node', test: 'main', from: sender, to: seat('member', index) })),
    { id: 'cross-namespace-same-node', test: 'main', from: sender, to: seat('other-namespace', 0) },
    { id: 'cross-namespace-cross-node', test: 'main', from: sender, to: seat('other-namespace', 1) },
    { id: 'to-host-same-node', test: 'main', from: sender, to: seat('host', 0) },
    { id: 'to-host-cross-node', test: 'main', from: sender, to: seat('host', 1) },
    { id: 'from-host-same-node', test: 'hosts', from: host, to: seat('member', 0) },
    { id: 'from-host-cross-node', test: 'hosts', from: host, to: seat('member', 1) },
    { id: 'to-outside', test: 'outward', from: sender, to: outside },
    { id: 'from-outside', test: 'inward', from: outside, to: seat('member', 0) },
    ...('end' in outside && nodes.length > 1
      ? [{ id: 'from-outside', test: 'inward', from: outside, to: seat('member', 1) } as const]
      : []),
    { id: 'link-local-same-node', test: 'link-local', from: sender, to: seat('member', 0) },
    { id: 'link-local-cross-node', test: 'link-local', from: sender, to: seat('member', 1) },
  ];
}
