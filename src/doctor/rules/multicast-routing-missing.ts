import type { Case } from '../case.ts';
import { type CacheEntry, entriesOf, hostSideOf, vifName, vifsOf } from '../multicast-routes.ts';
import type { Rule } from '../rule.ts';
import { atNode, evidence, groupText, listing } from '../say.ts';
import { notOnPodNetwork } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'multicast-routing-missing',
  title: 'The node’s multicast routing knows the group',
  stage: 'network',
  severity: 'error',
  needs: ['pod', 'node.multicastRouting', 'node.links'],
  skip: (c) =>
    notOnPodNetwork(c) ??
    (vifsOf(c).length === 0 ? 'the node routes no multicast' : c.arrivals.length > 0 ? 'the group arrives' : undefined),
  check: (c) => {
    const toPod = hostSideOf(c).find((name) => vifsOf(c).some((v) => v.interface === name));
    const [from] = [...c.sightings, ...c.joinSightings].filter(
      (f) => f.direction === 'in' && vifsOf(c).some((v) => v.interface === f.interface),
    );
    // Routing that was not made for this pod, or a stream that is not here, is no case of this.
    if (toPod === undefined || from === undefined) return [];
    const sends = from.interface === toPod || hostSideOf(c).includes(from.interface);
    const outward = vifsOf(c)
      .filter((v) => !hostSideOf(c).includes(v.interface))
      .map((v) => v.interface);
    const fault = faultOf(c, from.interface, sends ? outward : [toPod]);
    if (fault === undefined) return [];
    const command = `smcroutectl add ${from.interface} ${from.source} ${c.group.address} ${sends ? outward.join(' ') : toPod}`;
    return [
      {
        summary: `${c.target.node} routes multicast, but ${fault.what} for ${groupText(c)}`,
        detail:
          'The kernel forwards a group only by an entry for its source and interface. The routing daemon (smcroute, pimd, mrouted, igmpproxy) makes them; without one the datagrams end at the node.',
        advice: `Let the daemon route the group from ${from.interface} to ${sends ? listing(outward) : toPod}; with smcroute: ${command}.`,
        evidence: [
          evidence(atNode(c, from.interface), 'capture', describeFlows([from])),
          evidence(atNode(c), '/proc/net/ip_mr_vif', `routes between ${listing(vifsOf(c).map((v) => v.interface))}`),
          evidence(atNode(c), '/proc/net/ip_mr_cache', fault.observed),
        ],
        fixes: [
          {
            kind: 'advice',
            on: `node/${c.target.node ?? 'unknown'}`,
            title: `Configure the multicast routing daemon for ${c.group.address} from ${from.interface} (smcroute: ${command})`,
          },
        ],
      },
    ];
  },
};
export default rule;

/** What is wrong with the group's entries for a stream that enters by this interface and should leave by one of those. */
function faultOf(c: Case, input: string, outputs: readonly string[]): { what: string; observed: string } | undefined {
  const entries = entriesOf(c);
  if (entries.length === 0) return { what: 'has no entry', observed: `no entry for ${c.group.address}` };
  const resolved = entries.filter((e) => e.input >= 0);
  if (resolved.length === 0)
    return { what: 'its entry is unresolved', observed: entries.map((e) => text(c, e)).join('; ') };
  const here = resolved.filter((e) => vifName(c, e.input) === input);
  if (here.length === 0)
    return {
      what: `expects it on ${listing(resolved.map((e) => vifName(c, e.input) ?? `VIF ${e.input}`))} instead of ${input}`,
      observed: resolved.map((e) => text(c, e)).join('; '),
    };
  const leads = here.some((e) => e.outputs.some((o) => outputs.includes(vifName(c, o.vif) ?? '')));
  return leads
    ? undefined
    : { what: `does not lead it to ${listing(outputs)}`, observed: here.map((e) => text(c, e)).join('; ') };
}

function text(c: Case, entry: CacheEntry): string {
  const out = entry.outputs.map((o) => vifName(c, o.vif) ?? `VIF ${o.vif}`);
  const from = entry.input < 0 ? 'unresolved' : `from ${vifName(c, entry.input) ?? `VIF ${entry.input}`}`;
  return `(${entry.origin}, ${entry.group}) ${from}${out.length === 0 ? '' : ` to ${out.join(', ')}`}${entry.wrong === 0 ? '' : `, ${entry.wrong} on a wrong interface`}`;
}
