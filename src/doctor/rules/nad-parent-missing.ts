import { contains } from '../../model/address.ts';
import { valueIn } from '../../model/fact.ts';
import { isUplink } from '../../model/links.ts';
import { type Attachment, soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import { lanFlows } from '../expected.ts';
import type { Fix } from '../fix.ts';
import type { Rule } from '../rule.ts';
import { atNad, atNode, eventEvidence, evidence, listing } from '../say.ts';
import { withoutAttachments } from '../skips.ts';
import { describeFlows, interfacesOf } from '../traffic.ts';

const REFUSED = /Link not found|failed to lookup (master|parent)|no default route interface found|LinkByName failed/i;
/** Plugins whose interface hangs on a parent of the node, and the one that moves an interface of the node into the pod. */
const WITH_PARENT = ['macvlan', 'ipvlan', 'vlan', 'macvtap'];
const MOVES = 'host-device';

const rule: Rule = {
  id: 'nad-parent-missing',
  title: 'The parent interfaces that the attachments name exist on the node',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'attachments', ['node.links', 'events']],
  skip: withoutAttachments,
  check: (c) =>
    c.attachments.flatMap((a) => {
      const config = soundConfig(a);
      if (config === undefined || a.link !== undefined) return [];
      const moves = config.type === MOVES;
      const { device } = config.json;
      const named = moves && typeof device === 'string' ? device : config.master;
      // A device may be named by its address as well (hwaddr, pciBusID), which no fact here has.
      if (!WITH_PARENT.includes(config.type) && !(moves && named !== undefined)) return [];
      const events = eventEvidence(c, REFUSED);
      const links = c.nodeNs.links;
      const absent = links.length > 0 && named !== undefined && !links.some((l) => l.name === named);
      if (!absent && (events.length === 0 || links.some((l) => l.name === named))) return [];
      const parent = betterParent(c, config.subnets);
      return [
        {
          summary: `${named ?? 'the default route’s interface'} does not exist on ${c.target.node ?? 'the node'}`,
          ...(moves ? deviceWords(a, named, parent) : parentWords(a, config.type, named, parent)),
          evidence: [
            evidence(atNad(a), `spec.config ${moves ? 'device' : 'master'}`, named ?? 'not set'),
            ...(links.length > 0 ? [evidence(atNode(c), 'links', `has ${listing(nics(c))}`)] : []),
            ...(lanFlows(c).length > 0
              ? [evidence(atNode(c, interfacesOf(lanFlows(c)).join(', ')), 'capture', describeFlows(lanFlows(c)))]
              : []),
            ...events,
          ],
        },
      ];
    }),
};
export default rule;

interface Better {
  readonly name: string;
  readonly why: string;
}

function parentWords(a: Attachment, type: string, named: string | undefined, parent: Better | undefined) {
  const { namespace, name } = a.selection;
  const fix: Fix =
    parent === undefined
      ? advice(`Set "master" in ${namespace}/${name} to the NIC that is on the multicast LAN`)
      : { kind: 'attachment', namespace, name, edits: [{ set: 'master', value: parent.name }] };
  return {
    detail: `The ${type} interface is made on top of "${named ?? ''}", which this node does not have, so the pod cannot start.`,
    advice: parent === undefined ? 'Name the NIC that is on the multicast LAN.' : `Use ${parent.name}: ${parent.why}.`,
    fixes: [fix, { kind: 'recreate' as const }],
  };
}

function deviceWords(a: Attachment, named: string | undefined, parent: Better | undefined) {
  const instead = `a macvlan on ${parent?.name ?? 'the NIC that is on the multicast LAN'}`;
  const where = `${a.selection.namespace}/${a.selection.name}`;
  return {
    detail: `The plugin moves "${named}" of the node into the pod. This node does not have it, or has it no more, since another pod holds it. So the pod cannot start.`,
    advice: `Name a NIC that the node has and can spare, since it is the pod’s alone then; or use ${instead}, which leaves it to the node.`,
    fixes: [
      advice(`Name in ${where} a "device" that the node has and can spare, or make it ${instead}`),
      { kind: 'recreate' as const },
    ],
  };
}

const advice = (title: string): Fix => ({ kind: 'advice', on: 'cluster', title });

function nics(c: Case): string[] {
  return c.nodeNs.links.filter((l) => isUplink(l, c.nodeNs.links, c.nodeNs.addresses)).map((l) => l.name);
}

/** The NIC on which the group is seen, else the one whose network the attachment's addresses are of, else the only one that is not the cluster's. */
function betterParent(c: Case, subnets: readonly string[]): Better | undefined {
  const seen = interfacesOf(lanFlows(c))[0];
  if (seen !== undefined) return { name: seen, why: 'the group is seen there' };
  const sameNet = c.nodeNs.addresses.find((a) => subnets.some((subnet) => contains(subnet, a.address)));
  if (sameNet !== undefined)
    return { name: sameNet.interface, why: `it has ${sameNet.address}, of the attachment’s network` };
  const internal = valueIn(c.snapshot.cluster.nodes)?.find((n) => n.name === c.target.node)?.internalIPs ?? [];
  const others = nics(c).filter(
    (name) => !c.nodeNs.addresses.some((a) => a.interface === name && internal.includes(a.address)),
  );
  return others.length === 1 ? { name: others[0]!, why: 'it is the only NIC beside the cluster’s own' } : undefined;
}
