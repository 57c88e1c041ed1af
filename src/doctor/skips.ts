/** Reasons, shared by rules, why a rule has nothing to say of a case. */
import { STATUS_ANNOTATION } from '../model/nad.ts';
import { brokenAnnotation } from './annotation.ts';
import type { Case } from './case.ts';

/** For rules about secondary networks. */
export function withoutAttachments(c: Case): string | undefined {
  if (c.target.kind !== 'pod') return 'the target is no pod';
  if (c.pod?.hostNetwork === true) return "the pod uses its node's network";
  return c.pod !== undefined && c.attachments.length === 0 ? 'the pod asks for no secondary network' : undefined;
}

/** For rules about receiving. */
export function notReceiving(c: Case): string | undefined {
  return c.role === 'sender' ? 'the target sends to the group and is no member of it' : undefined;
}

/** For rules about the port that a member listens on. */
export function withoutMemberOrPort(c: Case): string | undefined {
  if (c.memberships.length === 0) return 'the target is no member';
  return c.ports.length === 0 ? 'no port is known: none was seen and none was named' : undefined;
}

/** For rules about sending. */
export function notSending(c: Case): string | undefined {
  return c.role === 'sender' || c.role === 'both' ? undefined : 'no datagram of the target to the group was seen';
}

/** For rules about the pod network: the group is expected on a secondary interface or on the host's. */
export function notOnPodNetwork(c: Case): string | undefined {
  if (c.target.kind !== 'pod') return 'the target is no pod';
  if (c.pod?.hostNetwork === true) return "the pod uses its node's network";
  if (c.attachments.length > 0) return 'the pod has a secondary network for the group';
  if (brokenAnnotation(c) !== undefined)
    return 'the pod asks for a secondary network, in an annotation that cannot be read';
  if (c.expected !== undefined && c.expected.interface !== c.primary)
    return `the group belongs to ${c.expected.interface}`;
  return undefined;
}

/** The meta-plugin left its mark on the pod. */
export function hasStatus(c: Case): boolean {
  return c.pod?.annotations[STATUS_ANNOTATION] !== undefined;
}
