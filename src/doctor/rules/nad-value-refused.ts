import type { EventFacts } from '../../facts/snapshot.ts';
import { type Attachment, soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import { ipamOnLan, nodeSubnet, withIpam } from '../lan-address.ts';
import { type RefusedValue, refusedValue } from '../refused-values.ts';
import type { Rule } from '../rule.ts';
import { atNad, evidence } from '../say.ts';
import { withoutAttachments } from '../skips.ts';
import { hasNetworks, sandboxFailure } from '../starting.ts';

const rule: Rule = {
  id: 'nad-value-refused',
  title: 'The plugins take the values of the attachments',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'attachments', 'events'],
  skip: (c) => hasNetworks(c) ?? withoutAttachments(c),
  check: (c) => {
    const event = sandboxFailure(c);
    if (event === undefined) return [];
    const named = c.attachments.filter((a) => isNamed(a, event));
    const found = (named.length > 0 ? named : c.attachments).flatMap((a) => {
      const refused = refusedIn(c, a, event);
      return refused === undefined ? [] : [{ a, refused }];
    });
    return found.slice(0, 1).map(({ a, refused }) => ({
      summary: `the plugins refuse ${a.selection.namespace}/${a.selection.name}: ${refused.what}`,
      detail:
        'The attachment is there and can be read, but a CNI plugin fails with one of its values, so the pod cannot start.',
      advice: 'Apply the attachment with a value that the plugin takes, and create the pod anew.',
      evidence: [
        evidence(c.target.name, `event ${event.reason}`, event.message),
        evidence(atNad(a), 'spec.config', refused.what),
      ],
      fixes: [
        {
          kind: 'attachment',
          namespace: a.selection.namespace,
          name: a.selection.name,
          edits: [{ set: 'config', value: JSON.stringify(refused.json) }],
        },
        { kind: 'recreate' },
      ],
    }));
  },
};
export default rule;

/** Multus names the network by the `name` of its configuration. */
function isNamed(a: Attachment, { message }: EventFacts): boolean {
  const name = soundConfig(a)?.json.name;
  return [a.selection.name, name].some((one) => typeof one === 'string' && message.includes(`"${one}"`));
}

function refusedIn(c: Case, a: Attachment, event: EventFacts): RefusedValue | undefined {
  const config = soundConfig(a);
  if (config === undefined) return undefined;
  const subnet = nodeSubnet(c, config.master);
  const chosen = ipamOnLan(c, subnet);
  const withFreeAddress = chosen === undefined ? undefined : (json: typeof config.json) => withIpam(json, chosen.ipam);
  return refusedValue(config.json, event.message, { subnet, withFreeAddress });
}
