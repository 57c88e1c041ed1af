import type { Case } from '../case.ts';
import { dataStopped } from '../filtered.ts';
import { type StoppedOnNode, stoppedOnNode } from '../filtered-on-node.ts';
import { moved, movedByFamily } from '../moved.ts';
import { openFirewall, openNodeFirewall } from '../open-firewall.ts';
import type { Found, Rule } from '../rule.ts';
import { at, atNode, evidence, groupText } from '../say.ts';
import { listeners } from '../sockets.ts';
import { type Stopped, stopperText } from '../stopped.ts';
import { describeFlows, packetsOf } from '../traffic.ts';

const rule: Rule = {
  id: 'firewall-drops-multicast',
  title: 'No firewall drops the group',
  stage: 'filter',
  severity: 'error',
  needs: [['movement', 'node.firewall']],
  check: (c) => {
    const incoming = c.role === 'sender' ? undefined : dataStopped(c, 'in');
    if (incoming !== undefined && takes(c)) return [finding(c, incoming, 'in')];
    const outgoing = c.role === 'receiver' ? undefined : dataStopped(c, 'out');
    if (outgoing !== undefined && (outgoing.moved > 0 || c.role === 'sender')) return [finding(c, outgoing, 'out')];
    const before = c.role === 'sender' ? undefined : stoppedOnNode(c);
    if (before !== undefined) return [onNode(c, before)];
    return lostBetween(c) ? [unseenFilter(c)] : [];
  },
};
export default rule;

/** A rule that would stop the group matters when nothing contradicts it: the application reads nothing of the stream. */
function takes(c: Case): boolean {
  const delivered = movedByFamily(c, 'delivered') ?? 0;
  return delivered < Math.max(1, packetsOf(c.arrivals) / 2);
}

function finding(c: Case, stopped: Stopped, direction: 'in' | 'out'): Found {
  const flows = direction === 'in' ? c.arrivals : c.departures;
  const text = stopperText(stopped.by);
  return {
    summary: `${text} drops ${groupText(c)}${direction === 'out' ? ' on its way out' : ''}`,
    detail: `The packet filter in ${c.onHost ? 'the node’s' : 'the pod’s'} network namespace drops the datagrams ${direction === 'in' ? 'after the capture sees them and before any socket does' : 'before they reach an interface'}.`,
    advice: 'Accept the group before that rule.',
    evidence: [
      evidence(
        at(c),
        `${stopped.by.kind === 'rule' ? stopped.by.rule.table : stopped.by.chain.table} table`,
        stopped.moved > 0 ? `${text}: ${stopped.moved} packets during the look` : text,
      ),
      ...(flows.length > 0 ? [evidence(at(c, flows[0]!.interface), 'capture', describeFlows(flows))] : []),
      ...(direction === 'in'
        ? [
            evidence(
              at(c),
              '/proc/net/snmp',
              `datagrams that applications read meanwhile: ${movedByFamily(c, 'delivered') ?? 'unknown'}`,
            ),
          ]
        : []),
    ],
    fixes: openFirewall(c, stopped, groupText(c)),
  };
}

/** The pod's namespace never sees them: its node drops them on the way in, or between two ports of a bridge. */
function onNode(c: Case, stopped: StoppedOnNode): Found {
  const text = stopperText(stopped.by);
  const [place] = stopped.seen;
  return {
    summary: `${text} of ${c.target.node} drops ${groupText(c)} on its way to the pod`,
    detail: stopped.datagram.bridged
      ? 'The packet filter of the node’s bridges (nftables family bridge, ebtables) drops the frames between the port where they come in and the pod’s.'
      : `The node’s packet filter drops them at ingress of ${place?.interface}: a capture there still shows them, what hangs on it does not get them.`,
    advice: 'Accept the group before that rule.',
    evidence: [
      evidence(atNode(c, place?.interface), 'capture', describeFlows(stopped.seen)),
      evidence(
        atNode(c),
        `${stopped.by.kind === 'rule' ? stopped.by.rule.table : stopped.by.chain.table} table`,
        stopped.moved > 0 ? `${text}: ${stopped.moved} packets during the look` : text,
      ),
      evidence(at(c, c.expected?.interface), 'capture', `no datagram to ${c.group.address}`),
    ],
    fixes: openNodeFirewall(c, stopped, groupText(c)),
  };
}

/** Seen on the wire, past the routing decision, with a socket there, and neither delivered nor counted as dropped by it: a filter that could not be listed. */
function lostBetween(c: Case): boolean {
  const firewallKnown = 'value' in c.target.observation && 'value' in c.target.observation.value.netns.firewall;
  const [multicast, delivered, buffer, checksum] = (['multicast', 'delivered', 'buffer', 'checksum'] as const).map(
    (name) => movedByFamily(c, name),
  );
  const ignored = moved(c, c.group.family === 4 ? 'Udp.IgnoredMulti' : 'Udp6.Udp6IgnoredMulti') ?? 0;
  const arrived = packetsOf(c.arrivals);
  if (firewallKnown || arrived < 3 || listeners(c).length === 0 || c.memberships.length === 0) return false;
  return (multicast ?? 0) >= arrived / 2 && delivered === 0 && buffer === 0 && checksum === 0 && ignored === 0;
}

function unseenFilter(c: Case): Found {
  return {
    summary: `${groupText(c)} is lost between the IP layer and the socket: a packet filter that kmcast may not list`,
    detail:
      'The datagrams are on the wire and pass the routing decision, a socket waits for them, and no counter of UDP moves: what is left is a filter at INPUT.',
    advice:
      'List the rules as root on the node: nsenter into the pod’s namespace, then iptables-save -c or nft list ruleset.',
    evidence: [
      ...(c.arrivals.length > 0
        ? [evidence(at(c, c.arrivals[0]!.interface), 'capture', describeFlows(c.arrivals))]
        : []),
      evidence(
        at(c),
        '/proc/net/netstat, /proc/net/snmp',
        `multicast packets past routing: ${movedByFamily(c, 'multicast')}; datagrams read: 0; UDP errors: 0`,
      ),
    ],
    fixes: [
      {
        kind: 'advice',
        on: 'network',
        title: `Find and open the packet filter in the network namespace of ${c.target.name} for ${groupText(c)}`,
      },
    ],
  };
}
