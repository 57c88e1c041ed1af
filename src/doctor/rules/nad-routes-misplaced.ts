import { contains } from '../../model/address.ts';
import { soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import type { Rule } from '../rule.ts';
import { atNad, evidence } from '../say.ts';
import { withoutAttachments } from '../skips.ts';

const rule: Rule = {
  id: 'nad-routes-misplaced',
  title: "The attachments' routes stand inside ipam",
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'attachments'],
  skip: withoutAttachments,
  check: (c) =>
    c.attachments.flatMap((a) => {
      const config = soundConfig(a);
      const stray = config?.misplacedRoutes ?? [];
      if (config === undefined || stray.length === 0) return [];
      const covers = (dst: string) => contains(dst, c.group.address) || dst === c.group.address;
      // It explains the loss when the group's own route is among the ignored ones and the join went elsewhere for lack of it.
      const missed =
        stray.some((r) => covers(r.dst)) &&
        !config.routes.some((r) => covers(r.dst)) &&
        !c.memberships.some((m) => m.interface === a.selection.interface);
      const lost = missed && c.arrivals.every((f) => f.interface !== c.primary);
      return [
        {
          severity: lost ? ('error' as const) : ('warning' as const),
          summary: 'routes stand beside "ipam", where no plugin reads them',
          detail: `CNI plugins read routes from ipam.routes alone; ${stray.map((r) => r.dst).join(', ')} was ignored without a word${lost ? `, so ${consequence(c)}` : ''}.`,
          advice: 'Move the routes into ipam.',
          evidence: [
            evidence(atNad(a), 'spec.config routes', stray.map((r) => r.dst).join(', ')),
            ...c.memberships.map((m) =>
              evidence(
                `${c.target.name} ${m.interface}`,
                m.family === 4 ? '/proc/net/igmp' : '/proc/net/igmp6',
                `member of ${m.group}`,
              ),
            ),
          ],
          fixes: [
            { kind: 'attachment' as const, namespace: a.selection.namespace, name: a.selection.name, edits: [] },
            { kind: 'recreate' as const },
          ],
        },
      ];
    }),
};
export default rule;

function consequence(c: Case): string {
  const [joined] = c.memberships;
  return joined === undefined
    ? `an application that names no interface joins on ${c.primary}`
    : `the join went out of ${joined.interface}`;
}
