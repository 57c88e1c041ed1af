/** What leads a group out of one interface of the target, and joins that name no interface onto it. */
import { hostPrefix } from '../model/address.ts';
import type { Case } from './case.ts';
import type { Fix } from './fix.ts';

/** For IPv4; IPv6 asks no route of an attachment, so only the application can choose there. */
export function groupRouteFixes(c: Case, name: string): Fix[] {
  const prefix = hostPrefix(c.group.address);
  if (c.onHost) {
    const route: Fix = {
      kind: 'node',
      node: c.target.node ?? '',
      title: `Route the group to ${name} (until the node restarts; make it last in its network configuration)`,
      run: `ip route replace ${prefix} dev ${name}`,
      undo: `ip route del ${prefix} dev ${name}`,
    };
    return [route, { kind: 'recreate' }];
  }
  const attachment = c.attachments.find((a) => a.selection.interface === name);
  if (attachment === undefined)
    return [{ kind: 'advice', on: 'cluster', title: `Give the attachment of ${name} the route ${prefix}` }];
  return [
    { kind: 'attachment', namespace: attachment.selection.namespace, name: attachment.selection.name, edits: [] },
    { kind: 'recreate' },
  ];
}
