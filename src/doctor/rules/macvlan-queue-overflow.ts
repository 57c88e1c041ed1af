import type { Observation } from '../../facts/snapshot.ts';
import { valueIn } from '../../model/fact.ts';
import type { LinkStats } from '../../model/netns.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { movementOf } from '../moved.ts';
import { attachmentFor, ownLink, parentLink } from '../parent.ts';
import type { Rule } from '../rule.ts';
import { at, atNode, evidence } from '../say.ts';
import { notReceiving, withoutAttachments } from '../skips.ts';

/** The kernel's default (drivers/net/macvlan.c MACVLAN_DEFAULT_BC_QUEUE_LEN), and what to set. */
const DEFAULT_QUEUE = 1000;
const LARGE_QUEUE = 10_000;
/** Share of the parent's multicast from which the loss is called one. */
const LOSS = 0.01;

const rule: Rule = {
  id: 'macvlan-queue-overflow',
  title: 'macvlan’s queue for multicast does not overflow',
  stage: 'node',
  severity: 'error',
  needs: ['links', 'movement', 'node.links', 'node.movement'],
  skip: (c) => withoutAttachments(c) ?? notReceiving(c),
  check: (c) => {
    const name = c.expected?.interface ?? '';
    const own = ownLink(c, name);
    const parent = parentLink(c, name);
    if (own?.kind !== 'macvlan' || parent === undefined) return [];
    const above = grown(valueIn(c.nodeObservation), parent.name);
    const below = grown(valueIn(c.target.observation), name);
    const queue = own.bcQueueLength ?? DEFAULT_QUEUE;
    const dropped = above?.rxDropped ?? 0;
    // Drops of frames that nobody wanted count there too; a queue overflows only where more comes than it holds, and then the pod gets less.
    if (above === undefined || dropped === 0 || above.multicast < queue) return [];
    const got = below?.rxPackets ?? 0;
    if (got > above.multicast - dropped / 2) return [];
    const share = dropped / above.multicast;
    return [
      {
        severity: share >= LOSS ? 'error' : 'warning',
        summary: `macvlan dropped ${dropped} of ${above.multicast} multicast packets on ${parent.name} before ${name} got them`,
        detail: `macvlan hands multicast on through a queue of ${queue} packets. A burst that fills it loses the rest; the loss counts on the parent alone, not in the pod.`,
        advice: `Make the queue longer (bcqueuelen ${LARGE_QUEUE}; plugin macvlan 1.6 or later, kernel 5.11 or later), or use SR-IOV or hostNetwork for such rates.`,
        evidence: [
          evidence(
            atNode(c, parent.name),
            'interface counters',
            `rx dropped rose by ${dropped}, multicast by ${above.multicast}`,
          ),
          evidence(at(c, name), 'interface counters', `received rose by ${got}`),
          evidence(at(c, name), 'links', `bcqueuelen ${queue}`),
        ],
        fixes: fixesFor(c, name, queue),
      },
    ];
  },
};
export default rule;

function grown(observation: Observation | undefined, name: string): LinkStats | undefined {
  const links = movementOf(observation)?.links;
  return links === undefined ? undefined : valueIn(links)?.find((l) => l.interface === name)?.stats;
}

function fixesFor(c: Case, name: string, queue: number): Fix[] {
  const attachment = attachmentFor(c, name);
  const hot: Fix = {
    kind: 'alternative',
    title:
      'At once, in the pod’s namespace, until the pod is created anew (from its node: nsenter -t PID -n, with a process id of the pod)',
    on: 'application',
    run: `ip link set ${name} type macvlan bcqueuelen ${LARGE_QUEUE}`,
  };
  if (queue >= LARGE_QUEUE)
    return [
      {
        kind: 'advice',
        on: 'network',
        title: 'Spread the stream over time at its source, or attach the pod by SR-IOV: the queue is long already',
      },
    ];
  if (attachment?.nad === undefined)
    return [{ kind: 'advice', on: 'cluster', title: `Set "bcqueuelen": ${LARGE_QUEUE} where ${name} is made` }, hot];
  const { namespace, name: nad } = attachment.selection;
  return [
    { kind: 'attachment', namespace, name: nad, edits: [{ set: 'bcqueuelen', value: LARGE_QUEUE }] },
    { kind: 'recreate' },
    hot,
  ];
}
