/** Facts that rules ask for by name. A missing one makes the check unknown, with the fact's own reason. */
import { type Fact, isKnown, known, unknown } from '../model/fact.ts';
import type { NetnsFacts } from '../model/netns.ts';
import type { Case } from './case.ts';

const NETNS = [
  'links',
  'addresses',
  'routes',
  'rules',
  'neighbours',
  'memberships',
  'sourceFilters',
  'linkGroups',
  'sockets',
  'counters',
  'multicastRouting',
  'sysctls',
  'firewall',
] as const satisfies readonly (keyof NetnsFacts)[];

/** Names of facts: those of the target's namespace bare, those of its node with `node.` before, those of the API by name. */
export type Need =
  | (typeof NETNS)[number]
  | `node.${(typeof NETNS)[number]}`
  | 'look'
  | 'movement'
  | 'node.look'
  | 'node.joinLook'
  | 'node.movement'
  | 'cni'
  | 'pod'
  | 'podStatus'
  | 'events'
  | 'attachments'
  | 'podNetwork'
  | 'metaPlugin'
  | 'nodes'
  | 'policies'
  | 'podAddresses'
  | 'namespaces';

/** The fact of that name in the case. */
export function factOf(c: Case, need: Need): Fact<unknown> {
  const onNode = need.startsWith('node.');
  const observation = onNode ? c.nodeObservation : c.target.observation;
  const name = onNode ? need.slice('node.'.length) : need;
  if (name === 'look' || name === 'movement' || name === 'joinLook')
    return isKnown(observation) ? observation.value[name] : observation;
  if ((NETNS as readonly string[]).includes(name))
    return isKnown(observation) ? observation.value.netns[name as (typeof NETNS)[number]] : observation;
  switch (need) {
    case 'pod':
      return c.target.pod;
    case 'podStatus':
      return isKnown(c.target.pod) && c.target.pod.value.planned !== undefined
        ? unknown(c.target.pod.value.planned)
        : c.target.pod;
    case 'events':
      return isKnown(c.target.pod) ? c.target.pod.value.events : c.target.pod;
    case 'cni':
      return c.node === undefined ? unknown('the target has no node') : c.node.cni;
    case 'attachments':
    case 'podNetwork':
    case 'metaPlugin':
    case 'nodes':
    case 'policies':
    case 'podAddresses':
    case 'namespaces':
      return c.snapshot.cluster[need];
    default:
      return known(undefined);
  }
}

/** A fact, or several of which one is enough: the first is the best. */
export type Needed = Need | readonly Need[];

/** The first missing fact's reason. */
export function missing(c: Case, needs: readonly Needed[]): string | undefined {
  for (const need of needs) {
    const facts = (typeof need === 'string' ? [need] : need).map((name) => factOf(c, name));
    const [best] = facts;
    if (best !== undefined && !isKnown(best) && !facts.some(isKnown)) return best.unknown;
  }
  return undefined;
}
