import { contains, familyOf, parsePrefix } from '../../model/address.ts';
import { isMulticast } from '../../model/group.ts';
import type { NadRoute } from '../../model/nad.ts';
import { reversePath } from '../../model/reverse-path.ts';
import { type Attachment, soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { routingOf } from '../routing.ts';
import type { Rule } from '../rule.ts';
import { at, atNad, evidence, listing } from '../say.ts';
import { withoutAttachments } from '../skips.ts';

const rule: Rule = {
  id: 'routes-lost',
  title: 'The pod has the routes that its attachments give it',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'attachments', 'links', 'routes'],
  skip: withoutAttachments,
  check: (c) =>
    c.attachments.flatMap((a) => {
      if (a.link === undefined) return [];
      const name = a.link.name;
      const lost = (soundConfig(a)?.routes ?? []).filter((route) => isMissing(c, name, route));
      const needed = lost.filter((route) => matters(c, name, route));
      if (needed.length === 0) return [];
      const gone = listing(needed.map((route) => route.dst));
      const joined = c.memberships.some((m) => m.interface === name);
      return [
        {
          severity: explains(c, name, needed) ? ('error' as const) : ('warning' as const),
          summary: `${name} lacks the route ${gone}, which its attachment has`,
          detail: `Routes are set once, when the network is attached. Either the attachment was changed after the pod was created, or ${name} was down for a moment: the kernel then drops its routes and nobody sets them again${joined ? ' (memberships stay)' : ''}.`,
          advice:
            'Create the pod anew; or set the route again in its namespace, and restart the application when it has joined elsewhere.',
          evidence: [
            evidence(atNad(a), 'spec.config ipam.routes', lost.map((route) => route.dst).join(', ')),
            evidence(
              at(c, name),
              'routes',
              c.ns.routes.some((r) => uses(r.nextHops, name)) ? `has ${routesOn(c, name)} alone` : 'has none',
            ),
            ...c.memberships.map((m) => evidence(at(c, m.interface), '/proc/net/igmp', `member of ${m.group}`)),
          ],
          fixes: fixesFor(a, name, needed),
        },
      ];
    }),
};
export default rule;

function uses(nextHops: readonly { readonly interface?: string }[], name: string): boolean {
  return nextHops.some((hop) => hop.interface === name);
}

/** In no table: plugins may move routes to another one. */
function isMissing(c: Case, name: string, { dst }: NadRoute): boolean {
  const wanted = parsePrefix(dst);
  if (wanted === undefined || wanted.family === 6) return false;
  const canonical = `${wanted.address}/${wanted.length}`;
  return !c.ns.routes.some((r) => r.destination === canonical && uses(r.nextHops, name));
}

function routesOn(c: Case, name: string): string {
  const own = c.ns.routes.filter((r) => uses(r.nextHops, name) && familyOf(r.destination) === 4 && r.table === 254);
  return own.map((r) => r.destination).join(', ') || 'no IPv4 route';
}

/** The route is the group's, or a source's. */
function matters(c: Case, name: string, { dst }: NadRoute): boolean {
  return (
    c.expected?.interface === name &&
    (contains(dst, c.group.address) || c.sources.some((source) => contains(dst, source)))
  );
}

function explains(c: Case, name: string, needed: readonly NadRoute[]): boolean {
  const arrives = c.arrivals.some((f) => f.interface === name);
  const member = c.memberships.some((m) => m.interface === name);
  const wrongWay = c.departures.length > 0 && c.departures.every((f) => f.interface !== name);
  const groupRoute = needed.some((route) => contains(route.dst, c.group.address));
  // A join that named no interface went elsewhere, or failed.
  if (groupRoute && ((c.role !== 'sender' && !member && !arrives) || (c.role === 'sender' && wrongWay))) return true;
  const toSource = needed.filter((route) => !isMulticast(parsePrefix(route.dst)?.address ?? ''));
  const refused = c.sources.filter(
    (source) =>
      toSource.some((route) => contains(route.dst, source)) &&
      !reversePath(routingOf(c.ns), { source, interface: name, group: c.group.address }).accepted,
  );
  return c.role !== 'sender' && refused.length > 0 && refused.length === c.sources.length;
}

function fixesFor(a: Attachment, name: string, needed: readonly NadRoute[]): Fix[] {
  const routes = needed.map(
    (r) => `ip route replace ${r.dst}${r.gw === undefined || r.gw === '0.0.0.0' ? '' : ` via ${r.gw}`} dev ${name}`,
  );
  return [
    { kind: 'attachment', namespace: a.selection.namespace, name: a.selection.name, edits: [] },
    { kind: 'recreate' },
    {
      kind: 'alternative',
      title:
        'Set the routes again in the pod’s namespace, until it is created anew (from its node: nsenter -t PID -n, with a process id of the pod)',
      on: 'application',
      run: routes.join('\n'),
    },
  ];
}
