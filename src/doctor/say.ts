/** Small pieces of wording that rules share. */
import { formatGroup } from '../model/group.ts';
import type { Attachment } from './attachment.ts';
import type { Case } from './case.ts';
import type { Evidence } from './rule.ts';

/** `pod/rx net1`. */
export function at(c: Case, name?: string): string {
  return name === undefined ? c.target.name : `${c.target.name} ${name}`;
}

/** `node/node1 eth1`. */
export function atNode(c: Case, name?: string): string {
  const node = `node/${c.target.node ?? 'unknown'}`;
  return name === undefined ? node : `${node} ${name}`;
}

/** `NetworkAttachmentDefinition video/mcast`, or where it stands: `nad.yaml:12 net-attach-def/mcast`. */
export function atNad(attachment: Attachment): string {
  const file = attachment.nad?.file;
  if (file !== undefined) return `${file} net-attach-def/${attachment.selection.name}`;
  return `NetworkAttachmentDefinition ${attachment.selection.namespace}/${attachment.selection.name}`;
}

export function evidence(where: string, source: string, observed: string): Evidence {
  return { at: where, source, observed };
}

/** The group without its source: `239.1.2.3:5007`. */
export function groupText(c: Case): string {
  const { source: _, ...group } = c.group;
  return formatGroup(group);
}

/** The newest event of the pod whose text matches, as evidence; none when there is none. */
export function eventEvidence(c: Case, pattern: RegExp): Evidence[] {
  const event = podEvent(c, pattern);
  return event === undefined ? [] : [evidence(c.target.name, `event ${event.reason}`, event.message)];
}

/** The newest event of the pod whose message matches. */
export function podEvent(c: Case, pattern: RegExp): { reason: string; message: string } | undefined {
  const events = c.pod !== undefined && 'value' in c.pod.events ? c.pod.events.value : [];
  return events.find((event) => pattern.test(event.message));
}

/** `a, b and c`. */
export function listing(items: readonly (string | number)[]): string {
  if (items.length <= 1) return String(items[0] ?? '');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
