import { isUp } from '../../model/links.ts';
import type { Link } from '../../model/netns.ts';
import type { Case } from '../case.ts';
import { parentName } from '../expected.ts';
import type { Fix } from '../fix.ts';
import { ownLink, parentLink } from '../parent.ts';
import { bridgeBelow, bridgePort } from '../pod-bridge.ts';
import type { Evidence, Rule } from '../rule.ts';
import { at, atNode, evidence } from '../say.ts';

const rule: Rule = {
  id: 'parent-down',
  title: 'The interface that carries the group is up and has a carrier',
  stage: 'node',
  severity: 'error',
  needs: [],
  skip: (c) =>
    c.expected === undefined
      ? 'no interface is expected to carry the group'
      : c.ns.links.length === 0 && c.nodeNs.links.length === 0
        ? 'no interface of the target or its node could be read'
        : undefined,
  check: (c) => {
    const name = c.expected?.interface ?? '';
    const own = ownLink(c, name);
    const below = c.onHost ? (own === undefined ? [] : [own, ...lower(c, own)]) : parents(c, name);
    const down = below.filter((link) => !isUp(link));
    const ownDown = own !== undefined && !isUp(own);
    if ((!ownDown && down.length === 0) || c.arrivals.some((f) => f.interface === name)) return [];
    // A program of the node may join on every interface: one that is down does not keep the others from their work.
    if (c.onHost && c.memberships.some((m) => m.interface !== name && upOn(c, m.interface))) return [];
    const culprit =
      down.at(-1)?.name ?? (own !== undefined && !own.flags.includes('UP') ? name : (parentName(c, name) ?? name));
    return [
      {
        summary: `${culprit === name ? at(c, name) : atNode(c, culprit)} is ${stateOf(down.at(-1) ?? own)}`,
        detail: `${culprit === name ? name : `${name} hangs on ${culprit}, which`} is down or has no carrier: nothing comes in or goes out. Memberships and sockets stay, and nobody gets an error.`,
        advice: adviceFor(c, name, down),
        evidence: [
          ...(own === undefined || c.onHost ? [] : [linkEvidence(at(c, name), own)]),
          ...below.map((link) => linkEvidence(atNode(c, link.name), link)),
        ],
        fixes: fixesFor(c, name, down),
      },
    ];
  },
};
export default rule;

function upOn(c: Case, name: string): boolean {
  const link = ownLink(c, name);
  return link !== undefined && isUp(link);
}

function parents(c: Case, name: string): Link[] {
  if (ownLink(c, name)?.kind === 'veth') return bridgeParts(c, name);
  const parent = parentLink(c, name);
  return parent === undefined ? [] : [parent, ...lower(c, parent)];
}

/** A pod's veth goes on at its other end, a port of a bridge. A bridge whose ports are all down has no carrier by that alone. */
function bridgeParts(c: Case, name: string): Link[] {
  const bridge = bridgeBelow(c, name);
  const port = bridgePort(c);
  if (bridge === undefined || port === undefined) return [];
  return bridge.flags.includes('UP') && !isUp(port) ? [port] : [bridge, port];
}

/** What a VLAN interface hangs on. */
function lower(c: Case, link: Link): Link[] {
  const below = link.kind === 'vlan' ? c.nodeNs.links.find((l) => l.index === link.parentIndex) : undefined;
  return below === undefined ? [] : [below];
}

function stateOf(link: Link | undefined): string {
  return link?.flags.includes('UP') ? 'without carrier' : 'down';
}

function linkEvidence(where: string, link: Link): Evidence {
  return evidence(where, 'links', `<${link.flags.join(',')}> state ${link.operstate}`);
}

function adviceFor(c: Case, name: string, down: readonly Link[]): string {
  const off = down.filter((link) => !link.flags.includes('UP')).map((link) => link.name);
  if (off.length > 0)
    return `Set ${off.join(' and ')} up, also in the node’s network configuration, so that it stays up.`;
  const [dark] = down;
  if (dark !== undefined)
    return `Look at the cable, the switch port or the virtual NIC behind ${dark.name} of ${c.target.node}.`;
  return ownLink(c, name)?.flags.includes('UP') === true
    ? `Look at the parent interface of ${name} on ${c.target.node}.`
    : `Set ${name} up in the pod, or create the pod anew: its routes went with the link.`;
}

function fixesFor(c: Case, name: string, down: readonly Link[]): Fix[] {
  const node = c.target.node;
  const own = ownLink(c, name);
  const dark = down.find((link) => link.flags.includes('UP'));
  const off = down.filter((link) => !link.flags.includes('UP')).reverse();
  const parent = parentName(c, name);
  return [
    ...off.map(
      (link): Fix => ({
        kind: 'node',
        node: node ?? '',
        title: `Set ${link.name} up (make it last in the node’s network configuration)`,
        run: `ip link set ${link.name} up`,
        undo: `ip link set ${link.name} down`,
      }),
    ),
    ...(off.length === 0 && dark !== undefined
      ? [
          {
            kind: 'advice',
            on: 'network',
            title: `Give ${dark.name} of ${node} a link: cable, switch port, virtual NIC`,
          } satisfies Fix,
        ]
      : []),
    ...(down.length === 0 && own !== undefined && own.flags.includes('UP') && parent !== undefined && node !== undefined
      ? [
          {
            kind: 'node',
            node,
            title: `Set ${parent} up`,
            run: `ip link set ${parent} up`,
            undo: `ip link set ${parent} down`,
          } satisfies Fix,
        ]
      : []),
    ...(!c.onHost && own !== undefined && !own.flags.includes('UP') ? [{ kind: 'recreate' } satisfies Fix] : []),
  ];
}
