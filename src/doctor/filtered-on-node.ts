/** What the node's own packet filter does to the group between its NIC and the pod: at ingress, and within a bridge. */
import { valueIn } from '../model/fact.ts';
import type { Datagram } from '../model/firewall.ts';
import type { Flow } from '../model/wire.ts';
import type { Case } from './case.ts';
import { movementOf } from './moved.ts';
import { attachmentFor, parentLink } from './parent.ts';
import { bridgeBelow, bridgePort, enteringBridge } from './pod-bridge.ts';
import { type Stopped, stoppedBy } from './stopped.ts';

/** Where the group's datagrams were last seen before they were dropped. */
export interface StoppedOnNode extends Stopped {
  readonly seen: readonly Flow[];
}

/** `undefined` also when the pod gets the group, and when it did not come to the node. */
export function stoppedOnNode(c: Case): StoppedOnNode | undefined {
  const observation = valueIn(c.nodeObservation);
  const firewall = observation === undefined ? undefined : valueIn(observation.netns.firewall);
  if (firewall === undefined || c.onHost || c.arrivals.length > 0) return undefined;
  const { seen, hooks } = wayOnNode(c);
  const [first] = seen;
  if (first === undefined) return undefined;
  const base = { family: c.group.family, destination: c.group.address, source: first.source, protocol: 17 };
  const port = first.destinationPort === undefined ? {} : { destinationPort: first.destinationPort };
  const datagrams = hooks.map((hook): Datagram => ({ ...base, ...port, inputInterface: first.interface, ...hook }));
  const stopped = stoppedBy(firewall, datagrams, movementOf(observation));
  return stopped === undefined ? undefined : { ...stopped, seen };
}

type Hook = Pick<Datagram, 'hook' | 'bridged' | 'outputInterface'>;

/** A capture sees frames before the ingress hook does, and a macvlan or a bridge takes them behind it (net/core/dev.c). */
function wayOnNode(c: Case): { readonly seen: readonly Flow[]; readonly hooks: readonly Hook[] } {
  const name = c.expected?.interface ?? '';
  const port = bridgePort(c);
  if (port !== undefined && (bridgeBelow(c, name) !== undefined || c.attachments.length === 0))
    return {
      seen: enteringBridge(c),
      hooks: [
        { hook: 'ingress' },
        ...(['prerouting', 'forward', 'postrouting'] as const).map((hook) => ({
          hook,
          bridged: true,
          outputInterface: port.name,
        })),
      ],
    };
  const parent = attachmentFor(c, name) === undefined ? undefined : parentLink(c, name)?.name;
  const seen = [...c.sightings, ...c.joinSightings].filter((f) => f.direction === 'in' && f.interface === parent);
  return { seen, hooks: [{ hook: 'ingress' }] };
}
