import { hostPrefix } from '../../model/address.ts';
import type { Link } from '../../model/netns.ts';
import type { Flow } from '../../model/wire.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { leavingBy, ownLink, parentLink } from '../parent.ts';
import type { Rule } from '../rule.ts';
import { at, atNode, evidence, groupText } from '../say.ts';
import { notReceiving, withoutAttachments } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'macvlan-own-node',
  title: 'The stream does not come from the pod’s own node',
  stage: 'attachment',
  severity: 'error',
  needs: ['links', 'node.look'],
  skip: (c) => withoutAttachments(c) ?? notReceiving(c),
  check: (c) => {
    const name = c.expected?.interface ?? '';
    const link = ownLink(c, name);
    const parent = parentLink(c, name);
    if (link?.kind !== 'macvlan' || parent?.mac === undefined || c.arrivals.some((f) => f.interface === name))
      return [];
    const flows = leavingBy(c, parent).filter((f) => f.sourceMac === parent.mac);
    const [flow] = flows;
    if (flow === undefined) return [];
    return [
      {
        summary: `${c.target.node} itself sends the group out of ${parent.name}, and a macvlan never hears its own parent`,
        detail:
          'The sender is a process of the node or a hostNetwork pod. What the parent sends goes to the wire alone; the macvlan interfaces on top of it do not get it, whatever their mode. Pods on other nodes do.',
        advice:
          'Let the node’s sender use a macvlan interface of its own on the same parent, or move the sender into a pod with the same attachment, or to another node.',
        evidence: [
          evidence(
            atNode(c, parent.name),
            'capture',
            `leaves the node: ${describeFlows(flows)}, MAC ${parent.mac}, which is ${parent.name}’s own`,
          ),
          evidence(at(c, name), 'links', `macvlan on ${parent.name}`),
          evidence(at(c, name), 'capture', `no datagram to ${c.group.address}`),
        ],
        fixes: fixesFor(c, parent, flow),
      },
    ];
  },
};
export default rule;

/** The route's `src` keeps the stream's source as it was: the new interface has no address of its own. */
function fixesFor(c: Case, parent: Link, flow: Flow): Fix[] {
  const node = c.target.node ?? '';
  const shim = `mv-${parent.name}`.slice(0, 15);
  const prefix = hostPrefix(c.group.address);
  const own = c.nodeNs.addresses.some((a) => a.address === flow.source);
  const moveSender: Fix = {
    kind: 'alternative',
    title: 'Move the sender into a pod with the same attachment, or to another node',
    on: 'application',
    run: '',
  };
  if (c.group.family === 6 || !own) return [{ kind: 'advice', on: 'application', title: moveSender.title }];
  return [
    {
      kind: 'node',
      node,
      title: `Let what the node sends to ${groupText(c)} leave by a macvlan of its own (until the node restarts; a sender that names its interface or binds to an address must be given ${shim})`,
      run: [
        `ip link add ${shim} link ${parent.name} type macvlan mode bridge`,
        `ip link set ${shim} up`,
        `ip route replace ${prefix} dev ${shim} src ${flow.source}`,
      ].join('\n'),
      undo: `ip link del ${shim}`,
    },
    moveSender,
  ];
}
