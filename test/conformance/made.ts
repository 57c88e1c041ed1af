/** Cases of pod networks, made up. */
import { CASES, type CaseId, type Measured } from '../../src/conformance/case.ts';

/** What each case saw: `+` arrives, `r` arrives by a router, `-` nothing, `?` unknown. */
export type Picture = Partial<Record<CaseId, '+' | 'r' | '-' | '?'>>;

export const MEMBERS: readonly CaseId[] = [
  'same-node',
  'cross-node',
  'cross-namespace-same-node',
  'cross-namespace-cross-node',
];
export const BYSTANDERS: readonly CaseId[] = ['non-member-same-node', 'non-member-cross-node'];

/** All cases; those that the picture leaves out saw nothing. */
export function casesOf(picture: Picture): Measured[] {
  return CASES.map((id): Measured => {
    const mark = picture[id] ?? '-';
    const base = { id, from: 'pod node1', to: 'pod node2', sent: 150, received: 0, ttl: [], sentTtl: 16 };
    if (mark === '?') return { ...base, sent: 0, observed: 'unknown', reason: `${id} was not run` };
    if (mark === '-') return { ...base, observed: 'nothing', evidence: 'unicast to 10.244.0.9: 10 of 10' };
    return { ...base, observed: 'arrives', received: 150, ttl: [mark === 'r' ? 15 : 16], evidence: 'on eth0' };
  });
}

export function all(ids: readonly CaseId[], mark: '+' | 'r' | '-' | '?'): Picture {
  return Object.fromEntries(ids.map((id) => [id, mark]));
}

/** As networks are. */
export const FLANNEL: Picture = {
  'same-node': '+',
  'cross-namespace-same-node': '+',
  'link-local-same-node': '+',
  'non-member-same-node': '+',
  'to-outside': '?',
  'from-outside': '?',
};
export const CILIUM: Picture = { ...all(MEMBERS, '+'), 'to-outside': '?', 'from-outside': '?' };
export const LAN: Picture = { ...all(CASES, '+') };
