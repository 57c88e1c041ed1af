/** What must change in an attachment that kmcast was not allowed to read: in words, as no manifest can be made of it. */
import type { Case } from '../doctor/case.ts';
import type { Fix, NadEdit } from '../doctor/fix.ts';
import { familyOf, hostPrefix } from '../model/address.ts';
import { isKnown } from '../model/fact.ts';
import type { RouteWants } from './nad-config.ts';
import type { Step } from './plan.ts';

/** A step for each attachment of the errors' fixes; none when the attachments were read. */
export function unreadAttachments(c: Case, errors: readonly Fix[], wants: RouteWants): Step[] {
  const { attachments } = c.snapshot.cluster;
  if (isKnown(attachments)) return [];
  const fixes = errors.flatMap((fix) => (fix.kind === 'attachment' ? [fix] : []));
  const names = [...new Set(fixes.map((fix) => `${fix.namespace}/${fix.name}`))];
  return names.flatMap((name) => {
    const edits = fixes.filter((fix) => `${fix.namespace}/${fix.name}` === name).flatMap((fix) => fix.edits);
    const changes = [...edits.flatMap(inWords), ...routesInWords(wants)];
    return changes.length === 0
      ? []
      : [
          {
            on: 'cluster',
            title: `In the configuration of attachment ${name}, ${changes.join('; ')} (it could not be read: ${attachments.unknown})`,
          },
        ];
  });
}

/** A whole configuration stems from one that was read, so it cannot be asked for here. */
function inWords(edit: NadEdit): string[] {
  if ('drop' in edit) return [`take the route ${edit.dst} out of "ipam"`];
  if (edit.set === 'config') return [];
  if (edit.set === 'sysctl') return [`let a chained "tuning" plugin set ${edit.name} to ${edit.value}`];
  return [`set "${edit.set}" to ${JSON.stringify(edit.value)}`];
}

function routesInWords({ groups, sources }: RouteWants): string[] {
  const routes = [...groups, ...sources]
    .filter((address) => familyOf(address) === 4)
    .map((address) => `{"dst": "${hostPrefix(address)}", "gw": "0.0.0.0"}`);
  return routes.length === 0 ? [] : [`have ${routes.join(' and ')} in "routes" of "ipam"`];
}
