import { contains } from '../../model/address.ts';
import { valueIn } from '../../model/fact.ts';
import { isUplink } from '../../model/links.ts';
import { soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import { lanFlows } from '../expected.ts';
import type { Rule } from '../rule.ts';
import { atNad, atNode, eventEvidence, evidence, listing } from '../say.ts';
import { withoutAttachments } from '../skips.ts';
import { describeFlows, interfacesOf } from '../traffic.ts';

const REFUSED = /Link not found|failed to lookup (master|parent)|no default route interface found|LinkByName failed/i;
/** Plugins whose interface hangs on a parent of the node. */
const WITH_PARENT = ['macvlan', 'ipvlan', 'vlan', 'macvtap'];

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
      if (config === undefined || !WITH_PARENT.includes(config.type) || a.link !== undefined) return [];
      const events = eventEvidence(c, REFUSED);
      const links = c.nodeNs.links;
      const absent = links.length > 0 && config.master !== undefined && !links.some((l) => l.name === config.master);
      if (!absent && (events.length === 0 || links.some((l) => l.name === config.master))) return [];
      const parent = betterParent(c, config.subnets);
      return [
        {
          summary: `${config.master ?? 'the default route’s interface'} does not exist on ${c.target.node ?? 'the node'}`,
          detail: `The ${config.type} interface is made on top of "${config.master ?? ''}", which this node does not have, so the pod cannot start.`,
          advice:
            parent === undefined ? 'Name the NIC that is on the multicast LAN.' : `Use ${parent.name}: ${parent.why}.`,
          evidence: [
            evidence(atNad(a), 'spec.config master', config.master ?? 'not set'),
            ...(links.length > 0 ? [evidence(atNode(c), 'links', `has ${listing(nics(c))}`)] : []),
            ...(lanFlows(c).length > 0
              ? [evidence(atNode(c, interfacesOf(lanFlows(c)).join(', ')), 'capture', describeFlows(lanFlows(c)))]
              : []),
            ...events,
          ],
          fixes: [
            parent === undefined
              ? {
                  kind: 'advice' as const,
                  on: 'cluster' as const,
                  title: `Set "master" in ${a.selection.namespace}/${a.selection.name} to the NIC that is on the multicast LAN`,
                }
              : {
                  kind: 'attachment' as const,
                  namespace: a.selection.namespace,
                  name: a.selection.name,
                  edits: [{ set: 'master' as const, value: parent.name }],
                },
            { kind: 'recreate' as const },
          ],
        },
      ];
    }),
};
export default rule;

function nics(c: Case): string[] {
  return c.nodeNs.links.filter((l) => isUplink(l, c.nodeNs.links, c.nodeNs.addresses)).map((l) => l.name);
}

/** The NIC on which the group is seen, else the one whose network the attachment's addresses are of, else the only one that is not the cluster's. */
function betterParent(c: Case, subnets: readonly string[]): { name: string; why: string } | undefined {
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
