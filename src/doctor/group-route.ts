/** What leads a group out of one interface of the target, and joins that name no interface onto it. */
import { hostPrefix } from '../model/address.ts';
import { isObject } from '../model/nad.ts';
import { type Attachment, attachedAs, soundConfig } from './attachment.ts';
import type { Case } from './case.ts';
import { wayOut } from './departures.ts';
import { parentName } from './expected.ts';
import type { Fix, NadEdit } from './fix.ts';
import { ipamOnLan, nodeSubnet, withIpam } from './lan-address.ts';

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
    {
      kind: 'attachment',
      ...placeOf(attachment),
      edits: [...withoutSourceRouting(attachment), ...withAddress(c, attachment, name)],
    },
    ...takenElsewhere(c, name, prefix),
    { kind: 'recreate' },
  ];
}

function placeOf({ selection }: Attachment) {
  return { namespace: selection.namespace, name: selection.name };
}

/**
 * The plugin sbr moves an attachment's routes into a table that only datagrams from its address are looked up in
 * (plugins/meta/sbr): sockets that are bound to no address, and joins, never ask it.
 */
function withoutSourceRouting(attachment: Attachment): NadEdit[] {
  const config = soundConfig(attachment);
  if (config === undefined || !config.chain.includes('sbr') || !Array.isArray(config.json.plugins)) return [];
  const plugins = config.json.plugins.filter((plugin) => !isObject(plugin) || plugin.type !== 'sbr');
  return [{ set: 'config', value: JSON.stringify({ ...config.json, plugins }) }];
}

/** Routes are set by what gives addresses out (`ipam`): without it those of the attachment are never read. */
function withAddress(c: Case, attachment: Attachment, name: string): NadEdit[] {
  const config = soundConfig(attachment);
  if (config === undefined || config.ipamType !== undefined) return [];
  const chosen = ipamOnLan(c, nodeSubnet(c, parentName(c, name)));
  return chosen === undefined ? [] : [{ set: 'config', value: JSON.stringify(withIpam(config.json, chosen.ipam)) }];
}

/** A route for this very group that another attachment gives: one of the same length would stand beside it. */
function takenElsewhere(c: Case, name: string, prefix: string): Fix[] {
  const way = wayOut(c);
  if (way.kind !== 'route' || way.interface === name || way.route?.destination !== prefix) return [];
  return c.attachments
    .filter((a) => attachedAs(a) === way.interface)
    .filter((a) => soundConfig(a)?.routes.some((route) => route.dst === prefix))
    .map((a) => ({ kind: 'attachment', ...placeOf(a), edits: [{ drop: 'route', dst: prefix }] }));
}
