/** What the pod hangs on by a veth: a bridge of the node and what enters it, or the node alone. */
import type { Link } from '../model/netns.ts';
import type { Flow } from '../model/wire.ts';
import type { Case } from './case.ts';
import { ownLink } from './parent.ts';

/** The node's end of the pod's veth, when it is a port of a bridge. */
export function bridgePort(c: Case): Link | undefined {
  const peer = peerOnNode(c, c.expected?.interface ?? c.primary);
  return peer?.masterIndex === undefined ? undefined : peer;
}

/** The bridge of the node that a secondary interface of the pod hangs on. */
export function bridgeBelow(c: Case, name: string): Link | undefined {
  const peer = name === c.primary ? undefined : peerOnNode(c, name);
  return c.nodeNs.links.find((l) => l.index === peer?.masterIndex && l.kind === 'bridge');
}

/** The node's end of a secondary interface that is a veth of its own, routed and no port of anything (CNI plugin ptp). */
export function routedPeer(c: Case, name: string): Link | undefined {
  const peer = name === c.primary ? undefined : peerOnNode(c, name);
  return peer?.masterIndex === undefined ? peer : undefined;
}

/** The node's end of an interface of the pod that is a veth. */
function peerOnNode(c: Case, name: string): Link | undefined {
  const own = ownLink(c, name);
  return own?.kind === 'veth' ? c.nodeNs.links.find((l) => l.index === own.parentIndex) : undefined;
}

/** The group's datagrams that enter that bridge by another port. */
export function enteringBridge(c: Case): Flow[] {
  const port = bridgePort(c);
  if (port === undefined) return [];
  const others = c.nodeNs.links.filter((l) => l.masterIndex === port.masterIndex && l.index !== port.index);
  return c.sightings.filter((f) => f.direction === 'in' && others.some((l) => l.name === f.interface));
}
