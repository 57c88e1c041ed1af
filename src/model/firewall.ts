/**
 * What a packet filter does with a datagram: its base chains in the order of their priority, with jumps and returns. Conditions
 * that are not understood may or may not hold, and then both ways are followed. At ingress and egress these are the chains of the
 * interface (families netdev and inet); a frame within a bridge meets the chains of family bridge instead.
 */
import type { Datagram } from './datagram.ts';
import { allHold, type Holds } from './firewall-match.ts';
import { effectOfTarget } from './firewall-targets.ts';
import type { Firewall, FirewallChain, FirewallRule } from './packet-filter.ts';

export type { Datagram } from './datagram.ts';

/** What stops a datagram. */
export type Stopper =
  | { readonly kind: 'rule'; readonly rule: FirewallRule }
  | { readonly kind: 'policy'; readonly chain: FirewallChain };

/** A rule whose conditions hold, or may hold. */
export interface Step {
  readonly rule: FirewallRule;
  readonly certain: boolean;
}

/** What becomes of a datagram at one hook. */
export interface Verdict {
  /** `maybe-drop`: it is dropped or not, depending on conditions that are not understood. */
  readonly outcome: 'accept' | 'drop' | 'maybe-drop';
  /** What drops it or may drop it. */
  readonly by?: Stopper;
  readonly path: readonly Step[];
}

/** What becomes of the datagram at its hook. A filter with `unseen` parts may do more than is said here. */
export function verdicts(firewall: Firewall, datagram: Datagram): Verdict {
  const entry = entryOf(datagram);
  const untracked = entry === undefined ? false : judge(firewall, { ...datagram, hook: entry }, false).untracked;
  return judge(firewall, datagram, untracked).verdict;
}

/** The hook that a datagram passed before, where rules may have exempted it from connection tracking. */
function entryOf(datagram: Datagram): Datagram['hook'] | undefined {
  if (datagram.hook === 'input' || datagram.hook === 'forward') return 'prerouting';
  if (datagram.hook !== 'postrouting') return undefined;
  return datagram.inputInterface === undefined ? 'output' : 'prerouting';
}

function judge(
  firewall: Firewall,
  datagram: Datagram,
  untracked: Holds,
): { readonly verdict: Verdict; readonly untracked: Holds } {
  const families = familiesAt(datagram);
  const bases = firewall.chains
    .filter((chain) => chain.hook === datagram.hook && families.includes(chain.family) && isFor(chain, datagram))
    .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  const walk: Walk = { firewall, datagram, priority: 0, untracked, path: [] };
  let perhaps: Stopper | undefined;
  for (const base of bases) {
    walk.priority = base.priority ?? 0;
    const ways = baseChain(base, walk);
    if (!ways.accepted)
      return { verdict: { outcome: 'drop', ...last(ways.stoppers), path: walk.path }, untracked: walk.untracked };
    perhaps ??= ways.stoppers[0];
  }
  const { path } = walk;
  const verdict: Verdict =
    perhaps === undefined ? { outcome: 'accept', path } : { outcome: 'maybe-drop', by: perhaps, path };
  return { verdict, untracked: walk.untracked };
}

function familiesAt({ family, hook, bridged }: Datagram): readonly string[] {
  if (bridged === true) return ['bridge'];
  if (hook === 'ingress' || hook === 'egress') return ['netdev', 'inet'];
  return family === 4 ? ['ip', 'inet'] : ['ip6', 'inet'];
}

/** A chain at ingress or egress belongs to interfaces; older versions of nft do not list which (1.0.6), and then any may be it. */
function isFor({ devices }: FirewallChain, { hook, inputInterface, outputInterface }: Datagram): boolean {
  const own = hook === 'egress' ? outputInterface : inputInterface;
  if (devices === undefined || own === undefined) return true;
  return devices.some((name) => (name.endsWith('*') ? own.startsWith(name.slice(0, -1)) : own === name));
}

function last(stoppers: readonly Stopper[]): { readonly by?: Stopper } {
  const by = stoppers.at(-1);
  return by === undefined ? {} : { by };
}

/** The walk so far. */
interface Walk {
  readonly firewall: Firewall;
  readonly datagram: Datagram;
  priority: number;
  untracked: Holds;
  readonly path: Step[];
}

/** The ways that are possible: accepted, stopped by one of these, or on to what comes behind the chain. */
interface Ways {
  readonly accepted: boolean;
  readonly stoppers: readonly Stopper[];
  readonly goesOn: boolean;
}

function baseChain(base: FirewallChain, walk: Walk): Ways {
  const ways = chain(base.family, base.table, base.name, walk, []);
  if (!ways.goesOn || base.policy !== 'drop') return { ...ways, accepted: ways.accepted || ways.goesOn };
  return { ...ways, stoppers: [...ways.stoppers, { kind: 'policy', chain: base }] };
}

/** The kernel refuses chains that jump in circles, but a listing may be anything: more steps than this are not followed. */
const MOST_STEPS = 10_000;

function chain(family: string, table: string, name: string, walk: Walk, within: readonly string[]): Ways {
  const stoppers: Stopper[] = [];
  let accepted = false;
  let returns = false;
  if (within.includes(name) || walk.path.length > MOST_STEPS) return { accepted: true, stoppers, goesOn: true };
  for (const rule of walk.firewall.rules) {
    if (rule.chain !== name || rule.table !== table || rule.family !== family) continue;
    const matched = allHold(rule.matches, walk.datagram, walk);
    if (matched === false) continue;
    walk.path.push({ rule, certain: matched === true });
    const ways = effect(rule, walk, [...within, name], matched);
    accepted ||= ways.accepted;
    stoppers.push(...ways.stoppers);
    // A return, and what comes back from a goto, leaves this chain; from a jump one goes on with the next rule.
    const leaves = rule.verdict === 'return' || rule.verdict === 'goto';
    returns ||= leaves && ways.goesOn;
    if (matched === true && (leaves || !ways.goesOn)) return { accepted, stoppers, goesOn: returns };
  }
  return { accepted, stoppers, goesOn: true };
}

function effect(rule: FirewallRule, walk: Walk, within: readonly string[], matched: true | undefined): Ways {
  switch (rule.verdict) {
    case 'accept':
      return { accepted: true, stoppers: [], goesOn: false };
    case 'drop':
    case 'reject':
      return { accepted: false, stoppers: [{ kind: 'rule', rule }], goesOn: false };
    case 'jump':
    case 'goto':
      return chain(rule.family, rule.table, rule.target ?? '', walk, within);
    case 'return':
    case 'continue':
      return { accepted: false, stoppers: [], goesOn: true };
    case 'other':
      return target(rule, walk, matched);
  }
}

function target(rule: FirewallRule, walk: Walk, matched: true | undefined): Ways {
  if (rule.target === 'NOTRACK' && walk.untracked !== true) walk.untracked = matched;
  const effects = effectOfTarget(rule.target ?? '');
  const stoppers: Stopper[] = effects.includes('drop') ? [{ kind: 'rule', rule }] : [];
  return { accepted: effects.includes('accept'), stoppers, goesOn: effects.includes('continue') };
}
