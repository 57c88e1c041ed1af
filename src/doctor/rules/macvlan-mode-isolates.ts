import type { PodAddressFacts } from '../../facts/snapshot.ts';
import { valueIn } from '../../model/fact.ts';
import { parseNadConfig } from '../../model/nad.ts';
import type { Flow } from '../../model/wire.ts';
import { soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { missing } from '../needs.ts';
import { attachmentFor, leavingBy, ownLink, parentLink } from '../parent.ts';
import { recreateOther } from '../recreate-other.ts';
import type { Found, Rule } from '../rule.ts';
import { at, atNad, atNode, evidence } from '../say.ts';
import { notReceiving, withoutAttachments } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const ISOLATING = ['private', 'vepa'];

const rule: Rule = {
  id: 'macvlan-mode-isolates',
  title: 'The macvlan mode lets pods of one node hear each other',
  stage: 'attachment',
  severity: 'error',
  needs: [
    ['links', 'attachments'],
    ['node.look', 'attachments'],
  ],
  skip: (c) => withoutAttachments(c) ?? notReceiving(c),
  check: (c) => {
    if (missing(c, ['links', 'node.look']) !== undefined) return written(c);
    const name = c.expected?.interface ?? '';
    const link = ownLink(c, name);
    const parent = parentLink(c, name);
    if (link?.kind !== 'macvlan' || parent === undefined || c.arrivals.some((f) => f.interface === name)) return [];
    const flows = leavingBy(c, parent).filter((f) => f.sourceMac !== undefined && f.sourceMac !== parent.mac);
    const sender = senderOf(c, flows);
    const ownMode = ISOLATING.includes(link.mode ?? '') ? link.mode : undefined;
    const mode = ownMode ?? sender?.mode;
    if (flows.length === 0 || mode === undefined) return [];
    const who =
      sender === undefined ? `a pod on ${c.target.node}` : `pod ${sender.namespace}/${sender.pod} on the same node`;
    return [
      {
        summary: `${who} sends the group, and macvlan mode ${mode} keeps pods of one node apart`,
        detail:
          mode === 'vepa'
            ? 'In mode vepa frames between pods of one node go out to the switch, which would have to send them back to the port they came from (hairpin); few do.'
            : 'In mode private no frame passes between two interfaces of the same parent. Hosts of the LAN are heard, pods of the same node are not.',
        advice: 'Use mode bridge for both: sender and receiver must have it.',
        evidence: [
          evidence(at(c, name), 'links', `macvlan mode ${link.mode ?? 'unknown'} on ${parent.name}`),
          evidence(
            atNode(c, parent.name),
            'capture',
            `leaves the node: ${describeFlows(flows)}, MAC ${flows[0]?.sourceMac} (the parent’s own is ${parent.mac})`,
          ),
          ...(sender?.mode === undefined
            ? []
            : [evidence(`NetworkAttachmentDefinition ${sender.network}`, 'spec.config mode', sender.mode)]),
          evidence(at(c, name), 'capture', `no datagram to ${c.group.address}`),
        ],
        fixes: fixesFor(c, name, ownMode !== undefined, sender),
      },
    ];
  },
};
export default rule;

/** Where nobody saw whether a pod of the same node sends, the mode alone is a warning. */
function written(c: Case): Found[] {
  return c.attachments.flatMap((a) => {
    const config = soundConfig(a);
    const mode = config?.mode ?? '';
    if (config?.type !== 'macvlan' || !ISOLATING.includes(mode)) return [];
    return [
      {
        severity: 'warning' as const,
        summary: `macvlan mode ${mode} keeps pods of one node apart`,
        detail:
          'Hosts of the LAN are heard, pods on the same parent interface are not: a sender and a receiver that come to be on one node do not hear each other.',
        advice: 'Use mode bridge, unless pods are to be kept apart.',
        evidence: [evidence(atNad(a), 'spec.config mode', mode)],
        fixes: [],
      },
    ];
  });
}

type Sender = PodAddressFacts & { readonly mode?: string };

/** The pod whose MAC the datagrams have, with the mode that its attachment asks for when that isolates. */
function senderOf(c: Case, flows: readonly Flow[]): Sender | undefined {
  const pods = valueIn(c.snapshot.cluster.podAddresses) ?? [];
  const pod = pods.find((p) => p.mac !== undefined && flows.some((f) => f.sourceMac === p.mac));
  if (pod === undefined) return undefined;
  const nad = (valueIn(c.snapshot.cluster.attachments) ?? []).find((n) => `${n.namespace}/${n.name}` === pod.network);
  const config = nad === undefined ? undefined : parseNadConfig(nad.config);
  const mode = typeof config === 'object' ? config.mode : undefined;
  return mode !== undefined && ISOLATING.includes(mode) ? { ...pod, mode } : pod;
}

function fixesFor(c: Case, name: string, ownIsolates: boolean, sender: Sender | undefined): Fix[] {
  const bridge = (namespace: string, nad: string): Fix => ({
    kind: 'attachment',
    namespace,
    name: nad,
    edits: [{ set: 'mode', value: 'bridge' }],
  });
  const own = attachmentFor(c, name)?.selection;
  const [namespace, nad] = (sender?.network ?? '').split('/');
  return [
    ...(ownIsolates && own !== undefined ? [bridge(own.namespace, own.name)] : []),
    ...(sender?.mode !== undefined && namespace !== undefined && nad !== undefined ? [bridge(namespace, nad)] : []),
    ...(sender === undefined
      ? [
          {
            kind: 'advice',
            on: 'application',
            title: 'Create the sending pod anew too: both interfaces must be in mode bridge',
          } satisfies Fix,
        ]
      : sender.mode === undefined
        ? []
        : [recreateOther(sender.namespace, sender.pod)]),
    ...(ownIsolates ? [{ kind: 'recreate' } satisfies Fix] : []),
  ];
}
