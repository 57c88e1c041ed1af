import type { PodAddressFacts } from '../../facts/snapshot.ts';
import { valueIn } from '../../model/fact.ts';
import { isObject, NETWORKS_ANNOTATION } from '../../model/nad.ts';
import type { Flow } from '../../model/wire.ts';
import { type Attachment, attachedAs, soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { parentLink } from '../parent.ts';
import type { Rule } from '../rule.ts';
import { at, atNode, evidence, listing } from '../say.ts';
import { withoutAttachments } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'mac-conflict',
  title: 'Nobody else has the pod’s MAC address',
  stage: 'attachment',
  severity: 'warning',
  needs: ['pod', 'podAddresses'],
  skip: withoutAttachments,
  check: (c) =>
    c.attachments.flatMap((a) => {
      const mac = a.link?.mac ?? a.status?.mac;
      // An ipvlan has its parent's MAC, and shares it with all its siblings.
      if (mac === undefined || a.link?.kind === 'ipvlan' || soundConfig(a)?.type === 'ipvlan') return [];
      const name = attachedAs(a);
      const others = (valueIn(c.snapshot.cluster.podAddresses) ?? []).filter((p) => p.mac === mac && !isOwn(c, p));
      const foreign = enteringWith(c, name, mac);
      if (others.length === 0 && foreign.length === 0) return [];
      const lost = foreign.length > 0 && !c.arrivals.some((f) => f.interface === name);
      const whose = others.length > 0 ? listing(others.map((p) => `${p.namespace}/${p.pod}`)) : 'the sender';
      return [
        {
          severity: lost ? ('error' as const) : ('warning' as const),
          summary: `${whose} has the MAC ${mac} of ${name} too`,
          detail: lost
            ? 'macvlan takes a frame with the MAC of one of its own interfaces for one that it has sent itself, and hands it to none of them.'
            : 'Switches learn the MAC now behind one port, now behind the other: unicast to either gets lost.',
          advice:
            'Let each pod have a MAC of its own: leave "mac" out of the annotation and the attachment, and the kernel chooses one.',
          evidence: [
            evidence(at(c, name), a.link === undefined ? 'network-status' : 'links', `MAC ${mac}`),
            ...others
              .slice(0, 2)
              .map((p) =>
                evidence(
                  `pod/${p.pod} ${p.interface ?? ''}`.trim(),
                  'network-status',
                  `MAC ${mac}, on ${p.node ?? 'no node'}`,
                ),
              ),
            ...(foreign.length > 0
              ? [
                  evidence(
                    atNode(c, foreign[0]?.interface),
                    'capture',
                    `enters with that MAC: ${describeFlows(foreign)}`,
                  ),
                ]
              : []),
          ],
          fixes: fixesFor(c, a, others),
        },
      ];
    }),
};
export default rule;

function isOwn(c: Case, p: PodAddressFacts): boolean {
  return p.pod === c.pod?.name && p.namespace === c.pod.namespace;
}

/** Frames of the group that enter the node with the MAC, and that did not leave it before (a switch that hairpins sends them back). */
function enteringWith(c: Case, name: string, mac: string): Flow[] {
  const parent = parentLink(c, name);
  const mine = [...c.sightings, ...c.joinSightings].filter((f) => f.interface === parent?.name && f.sourceMac === mac);
  return mine.some((f) => f.direction === 'out') ? [] : mine.filter((f) => f.direction === 'in');
}

function fixesFor(c: Case, a: Attachment, others: readonly PodAddressFacts[]): Fix[] {
  const config = soundConfig(a);
  const { namespace, name } = a.selection;
  const recreate: Fix = { kind: 'recreate' };
  if (a.selection.mac !== undefined) return [{ kind: 'annotate', networks: withoutMac(c, a) }, recreate];
  if (config !== undefined && JSON.stringify(config.json).includes('"mac":')) {
    const value = JSON.stringify(config.json, (key, field) => (key === 'mac' ? undefined : field));
    return [{ kind: 'attachment', namespace, name, edits: [{ set: 'config', value }] }, recreate];
  }
  const fixed = others.length > 0 ? listing(others.map((p) => `${p.namespace}/${p.pod}`)) : 'the sender';
  return [
    recreate,
    {
      kind: 'advice',
      on: 'application',
      title: `Should the MAC come back: take it from ${fixed}, where it was set by hand`,
    },
  ];
}

/** The annotation without the MAC of this network; the other fields stay. */
function withoutMac(c: Case, a: Attachment): string {
  const list: unknown = JSON.parse(c.pod?.annotations[NETWORKS_ANNOTATION] ?? '[]');
  const index = c.attachments.indexOf(a);
  return JSON.stringify(
    (Array.isArray(list) ? list : []).map((item, i) =>
      i === index && isObject(item) ? { ...item, mac: undefined } : item,
    ),
  );
}
