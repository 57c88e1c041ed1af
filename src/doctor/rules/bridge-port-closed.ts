import { isUp, PORT_STATES } from '../../model/links.ts';
import type { Link } from '../../model/netns.ts';
import type { Fix } from '../fix.ts';
import { bridgePort, enteringBridge } from '../pod-bridge.ts';
import type { Rule } from '../rule.ts';
import { at, atNode, evidence, groupText, listing } from '../say.ts';
import { notReceiving } from '../skips.ts';
import { describeFlows, interfacesOf } from '../traffic.ts';

const rule: Rule = {
  id: 'bridge-port-closed',
  title: 'The bridge of the node passes the group on to the pod’s port',
  stage: 'node',
  severity: 'error',
  needs: ['links', 'node.links', 'node.look'],
  skip: (c) => (c.onHost ? 'the target is not behind a bridge of its node' : notReceiving(c)),
  check: (c) => {
    const port = bridgePort(c);
    const entered = enteringBridge(c);
    if (port === undefined || entered.length === 0 || c.arrivals.length > 0) return [];
    const entry = c.nodeNs.links.find((l) => l.name === interfacesOf(entered)[0]);
    const bridge = c.nodeNs.links.find((l) => l.index === port.masterIndex);
    // A port that is down is disabled by that alone: another rule's cause.
    const down = [bridge, entry, port].some((link) => link !== undefined && !isUp(link));
    const closed = down ? [] : closures(port, entry);
    const node = c.target.node;
    if (closed.length === 0 || node === undefined) return [];
    return [
      {
        summary: `bridge ${bridge?.name} of ${node} keeps ${groupText(c)} from the pod’s port: ${listing(closed.map((x) => x.what))}`,
        detail:
          'The datagrams enter the bridge by one port and never leave by the pod’s. The setting is one of the port alone: interfaces are up, and unicast may pass.',
        advice:
          'Open the port, and look for what closed it: the network plugin’s configuration, a script, spanning tree.',
        evidence: [
          evidence(atNode(c, entry?.name), 'capture', `enters the bridge: ${describeFlows(entered)}`),
          ...closed.map((x) => evidence(atNode(c, x.port), 'links', x.what)),
          evidence(at(c, c.expected?.interface ?? c.primary), 'capture', `no datagram to ${c.group.address}`),
        ],
        fixes: closed.map((x): Fix => ({ kind: 'node', node, title: x.title, run: x.run, undo: x.undo })),
      },
    ];
  },
};
export default rule;

interface Closure {
  readonly port: string;
  readonly what: string;
  readonly title: string;
  readonly run: string;
  readonly undo: string;
}

/** What keeps a flooded frame from going out of the port (net/bridge/br_forward.c should_deliver, br_flood). */
function closures(out: Link, entry: Link | undefined): Closure[] {
  const closed: Closure[] = [];
  for (const link of [entry, out])
    if (link?.port !== undefined && link.port.state !== 'forwarding')
      closed.push(
        setting(
          link.name,
          `${link.name} is ${link.port.state}, not forwarding`,
          'state 3',
          `state ${PORT_STATES.indexOf(link.port.state)}`,
        ),
      );
  if (out.port?.isolated === true && entry?.port?.isolated === true)
    closed.push(
      setting(out.name, `${out.name} and ${entry.name} are isolated from each other`, 'isolated off', 'isolated on'),
    );
  if (out.port?.multicastFlood === false)
    closed.push(setting(out.name, `multicast is not flooded to ${out.name}`, 'mcast_flood on', 'mcast_flood off'));
  return closed;
}

function setting(port: string, what: string, wanted: string, before: string): Closure {
  const run = `bridge link set dev ${port} ${wanted}`;
  const title = `Open port ${port} of the bridge: ${wanted} (until it is made anew; make it last where it is configured)`;
  return { port, what, title, run, undo: `bridge link set dev ${port} ${before}` };
}
