import { valueIn } from '../../model/fact.ts';
import { verdicts } from '../../model/firewall.ts';
import type { FirewallRule } from '../../model/packet-filter.ts';
import type { Flow } from '../../model/wire.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { vifsOf } from '../multicast-routes.ts';
import type { Rule } from '../rule.ts';
import { at, atNode, evidence, groupText } from '../say.ts';
import { notSending } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'source-translated',
  title: 'The datagrams keep the sender’s address',
  stage: 'sender',
  severity: 'warning',
  needs: ['node.look'],
  skip: (c) => notSending(c) ?? (c.onHost ? 'the sender has its node’s own address' : undefined),
  check: (c) => {
    const [sent] = c.departures as [Flow];
    const changed = c.sightings.find((f) => f.direction === 'out' && isSame(f, sent) && f.source !== sent.source);
    const nat = natRule(c, sent);
    if (changed === undefined && nat === undefined) return [];
    const prefix = c.group.family === 4 ? '224.0.0.0/4' : 'ff00::/8';
    return [
      {
        summary:
          changed === undefined
            ? `the node gives datagrams to ${groupText(c)} another source address`
            : `${groupText(c)} leaves the node from ${changed.source} instead of ${sent.source}`,
        detail:
          'Address translation hides who sends: receivers that joined for the sender’s address drop the datagrams, reverse-path filters judge another source, and answers go to the node.',
        advice: `Exempt ${prefix} from translation on the node (as Flannel does: ! -d ${prefix}), or send by an interface on the LAN.`,
        evidence: [
          evidence(at(c, sent.interface), 'capture', `leaves: ${describeFlows([sent])}`),
          ...(changed === undefined
            ? []
            : [evidence(atNode(c, changed.interface), 'capture', `leaves: ${describeFlows([changed])}`)]),
          ...(nat === undefined ? [] : [evidence(atNode(c), `${nat.table} ${nat.chain}`, nat.text)]),
        ],
        fixes: [fixFor(c, prefix, nat)],
      },
    ];
  },
};
export default rule;

function isSame(a: Flow, b: Flow): boolean {
  return a.destinationPort === b.destinationPort && a.protocol === b.protocol && a.ttl <= b.ttl;
}

/** A rule that translates the source for sure, on a way that the node forwards the group by. */
function natRule(c: Case, sent: Flow): FirewallRule | undefined {
  const node = valueIn(c.nodeObservation);
  const firewall = node === undefined ? undefined : valueIn(node.netns.firewall);
  if (firewall === undefined) return undefined;
  for (const vif of vifsOf(c)) {
    const { path } = verdicts(firewall, {
      family: c.group.family,
      hook: 'postrouting',
      source: sent.source,
      destination: c.group.address,
      outputInterface: vif.interface,
      protocol: sent.protocol,
      ...(sent.sourcePort === undefined ? {} : { sourcePort: sent.sourcePort }),
      ...(sent.destinationPort === undefined ? {} : { destinationPort: sent.destinationPort }),
    });
    const step = path.find(({ rule, certain }) => certain && /^(masquerade|snat|netmap)$/i.test(rule.target ?? ''));
    if (step !== undefined) return step.rule;
  }
  return undefined;
}

function fixFor(c: Case, prefix: string, nat: FirewallRule | undefined): Fix {
  const tool = c.group.family === 4 ? 'iptables' : 'ip6tables';
  if (nat === undefined || nat.family === 'inet' || c.target.node === undefined)
    return {
      kind: 'advice',
      on: `node/${c.target.node ?? 'unknown'}`,
      title: `Exempt ${prefix} from source translation`,
    };
  return {
    kind: 'node',
    node: c.target.node,
    title: 'Exempt multicast from source translation (until the node restarts)',
    run: `${tool} -t nat -I POSTROUTING -d ${prefix} -j ACCEPT`,
    undo: `${tool} -t nat -D POSTROUTING -d ${prefix} -j ACCEPT`,
  };
}
