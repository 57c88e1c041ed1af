import { isObject, type Json } from '../../model/nad.ts';
import { type Attachment, attachedAs, soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import { ownLink } from '../parent.ts';
import type { Rule } from '../rule.ts';
import { at, atNad, evidence, groupText } from '../say.ts';
import { notReceiving, withoutAttachments } from '../skips.ts';

/** Groups that an untrusted function may always have: the least of what drivers of NICs allow (i40e: 16 addresses beside its own). */
const ALWAYS = 16;

const rule: Rule = {
  id: 'vf-not-trusted',
  title: 'The NIC lets its virtual function have the groups that the pod joins',
  stage: 'node',
  severity: 'warning',
  needs: ['pod', 'attachments', 'links', 'memberships'],
  skip: (c) =>
    withoutAttachments(c) ??
    notReceiving(c) ??
    (carrier(c) === undefined ? 'no virtual function carries the group' : undefined),
  check: (c) => {
    const attachment = carrier(c);
    const config = attachment === undefined ? undefined : soundConfig(attachment);
    const name = c.expected?.interface ?? '';
    const member = c.memberships.some((m) => m.interface === name);
    const link = ownLink(c, name);
    if (attachment === undefined || config === undefined || !member || c.arrivals.length > 0) return [];
    if (trustOf(config.json) === 'on') return [];
    const groups = new Set(c.ns.memberships.filter((m) => m.interface === name).map((m) => m.group)).size;
    const wide = (link?.flags ?? []).filter((flag) => flag === 'ALLMULTI' || flag === 'PROMISC');
    if (wide.length === 0 && groups <= ALWAYS) return [];
    const { namespace, name: nad } = attachment.selection;
    return [
      {
        summary: `${name} is a virtual function that its NIC may not trust, and ${groupText(c)} does not come`,
        detail: `The NIC itself filters what its functions get. One that is not trusted may ask for few groups and not for all of them, and what is beyond that is refused without an error: ${wide.length > 0 ? `${wide.join(' and ')} of ${name} then changes nothing` : `${groups} groups are joined on ${name}`}.`,
        advice:
          'Trust the function: "trust": "on" in the SriovNetwork (or in the attachment, where nobody generates it).',
        evidence: [
          evidence(atNad(attachment), 'spec.config trust', trustOf(config.json) ?? 'not set'),
          evidence(at(c, name), 'links', `<${(link?.flags ?? []).join(',')}>`),
          evidence(at(c, name), 'memberships', `${groups} groups`),
          evidence(at(c, name), 'capture', `no datagram to ${c.group.address}`),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'network',
            title: `Set "trust": "on" for the function behind ${namespace}/${nad} (spec.trust of its SriovNetwork; by hand: ip link set PF vf N trust on), then create the pod anew`,
          },
        ],
      },
    ];
  },
};
export default rule;

/** The attachment of the SR-IOV plugin that should carry the group. */
function carrier(c: Case): Attachment | undefined {
  return c.attachments.find((a) => attachedAs(a) === c.expected?.interface && soundConfig(a)?.type === 'sriov');
}

/** Of the plugin that makes the interface, also within a chain. */
function trustOf(json: Json): string | undefined {
  const all = Array.isArray(json.plugins) ? json.plugins.filter(isObject) : [json];
  const trust = all.find((plugin) => plugin.type === 'sriov')?.trust;
  return typeof trust === 'string' ? trust : undefined;
}
