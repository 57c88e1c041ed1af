import { valueIn } from '../../model/fact.ts';
import { isUplink } from '../../model/links.ts';
import { podNetworkTraits } from '../../model/pod-networks.ts';
import type { Case } from '../case.ts';
import { wayOut } from '../departures.ts';
import type { Fix } from '../fix.ts';
import { groupRouteFixes } from '../group-route.ts';
import { podNetworkCarries } from '../pod-network.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText, listing } from '../say.ts';
import { notSending } from '../skips.ts';
import { describeFlows, interfacesOf } from '../traffic.ts';

const rule: Rule = {
  id: 'sender-wrong-interface',
  title: 'The target sends by the interface of the multicast LAN',
  stage: 'sender',
  severity: 'error',
  needs: ['links'],
  skip: notSending,
  check: (c) => {
    const used = interfacesOf(c.departures.filter((f) => f.interface !== 'lo'));
    const wanted = c.onHost ? wantedNic(c, used) : wantedSecondary(c, used);
    if (wanted === undefined) return [];
    const carries = c.onHost ? false : podNetworkCarries(c);
    if (carries === true) return [];
    const [left] = used as [string];
    const chosen = chosenByApplication(c, left);
    const network = podNetworkTraits(valueIn(c.snapshot.cluster.podNetwork)?.name ?? '')?.label ?? 'the pod network';
    return [
      {
        severity: carries === false ? 'error' : 'warning',
        summary: `the target sends to ${groupText(c)} by ${left} instead of ${wanted}`,
        detail: c.onHost
          ? `${left} is not where the group’s members are. A sender that names no interface follows the route to the group.`
          : `A sender that names no interface follows the route to the group, and that leads out of ${left}, where ${network} carries no multicast to other nodes. Sending succeeds all the same.`,
        advice: adviceFor(c, wanted, chosen),
        evidence: [
          evidence(
            at(c, left),
            'capture',
            `leaves: ${describeFlows(c.departures.filter((f) => f.interface === left))}`,
          ),
          evidence(at(c, wanted), 'capture', `no datagram to ${c.group.address} leaves`),
          ...(wayOut(c).kind === 'route'
            ? [evidence(at(c), 'route lookup', `${c.group.address} leaves by ${interfaceOut(c)}`)]
            : []),
        ],
        fixes: fixesFor(c, wanted, chosen),
      },
    ];
  },
};
export default rule;

/** The secondary interface, when everything leaves by the primary one. */
function wantedSecondary(c: Case, used: readonly string[]): string | undefined {
  const name = c.expected?.interface ?? c.attachments.find((a) => a.link !== undefined)?.link?.name;
  return name !== undefined && name !== c.primary && used.length === 1 && used[0] === c.primary ? name : undefined;
}

/** The NIC that has the group's members or senders, when everything leaves by another interface. */
function wantedNic(c: Case, used: readonly string[]): string | undefined {
  const nics = c.ns.links.filter((l) => isUplink(l, c.ns.links, c.ns.addresses)).map((l) => l.name);
  const known = [...interfacesOf(c.arrivals), ...c.memberships.map((m) => m.interface)].filter((name) =>
    nics.includes(name),
  );
  const name = known.find((nic) => !used.includes(nic));
  if (name !== undefined && !known.some((nic) => used.includes(nic))) return name;
  return !used.some((left) => nics.includes(left)) && nics.length === 1 ? nics[0] : undefined;
}

function interfaceOut(c: Case): string {
  const way = wayOut(c);
  return way.kind === 'route' ? way.interface : 'no interface';
}

/** The route leads elsewhere than the datagrams go: the application named an interface or is bound to an address. */
function chosenByApplication(c: Case, left: string): boolean {
  return c.ns.routes.length > 0 && interfaceOut(c) !== left;
}

function adviceFor(c: Case, wanted: string, chosen: boolean): string {
  if (chosen || c.group.family === 6)
    return `Let the application send by ${wanted} (IP_MULTICAST_IF, IPV6_MULTICAST_IF, or bind to an address of it): it chose the interface itself or follows the first one.`;
  return c.onHost
    ? `Route the group to ${wanted} on the node, then restart the sender.`
    : `Give the attachment of ${wanted} a link-scope route for the group, then create the pod anew.`;
}

function fixesFor(c: Case, wanted: string, chosen: boolean): Fix[] {
  if (chosen || c.group.family === 6)
    return [
      {
        kind: 'advice',
        on: 'application',
        title: `Send to ${groupText(c)} by ${listing([wanted])} (IP_MULTICAST_IF or the application’s own option)`,
      },
    ];
  return [
    ...groupRouteFixes(c, wanted),
    {
      kind: 'alternative',
      title: `Or let the application choose ${wanted} (IP_MULTICAST_IF, or bind to its address)`,
      on: 'application',
      run: '',
    },
  ];
}
