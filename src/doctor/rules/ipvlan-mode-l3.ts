import { soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { attachmentFor, ownLink } from '../parent.ts';
import type { Rule } from '../rule.ts';
import { at, atNad, evidence } from '../say.ts';
import { withoutAttachments } from '../skips.ts';

const rule: Rule = {
  id: 'ipvlan-mode-l3',
  title: 'The ipvlan interface works at layer 2',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod'],
  skip: withoutAttachments,
  check: (c) => {
    const name = c.expected?.interface ?? c.attachments[0]?.selection.interface ?? '';
    const mode = layer3Mode(c, name);
    if (mode === undefined || c.arrivals.some((f) => f.interface === name)) return [];
    const attachment = attachmentFor(c, name);
    return [
      {
        summary: `${name} is an ipvlan in mode ${mode}, which carries no multicast`,
        detail:
          'In modes l3 and l3s the parent routes by IP address: multicast and broadcast are neither handed to the pod nor sent for it. Joining and sending succeed all the same.',
        advice: 'Use mode l2. All ipvlan interfaces of a parent have one mode: the other pods on it change too.',
        evidence: [
          ...(ownLink(c, name) === undefined
            ? []
            : [evidence(at(c, name), 'links', `ipvlan mode ${ownLink(c, name)?.mode}`)]),
          ...(attachment === undefined || soundConfig(attachment)?.mode === undefined
            ? []
            : [evidence(atNad(attachment), 'spec.config mode', soundConfig(attachment)!.mode!)]),
        ],
        fixes: fixesFor(c, name),
      },
    ];
  },
};
export default rule;

/** The mode, as the kernel says, else as the attachment asks. */
function layer3Mode(c: Case, name: string): string | undefined {
  const link = ownLink(c, name);
  const attachment = attachmentFor(c, name);
  const config = attachment === undefined ? undefined : soundConfig(attachment);
  const [kind, mode] = link?.kind === undefined ? [config?.type, config?.mode] : [link.kind, link.mode ?? config?.mode];
  return kind === 'ipvlan' && (mode === 'l3' || mode === 'l3s') ? mode : undefined;
}

function fixesFor(c: Case, name: string): Fix[] {
  const attachment = attachmentFor(c, name);
  if (attachment?.nad === undefined)
    return [
      { kind: 'advice', on: 'cluster', title: `Make ${name} an ipvlan in mode l2 (or a macvlan in mode bridge)` },
    ];
  const { namespace, name: nad } = attachment.selection;
  return [{ kind: 'attachment', namespace, name: nad, edits: [{ set: 'mode', value: 'l2' }] }, { kind: 'recreate' }];
}
