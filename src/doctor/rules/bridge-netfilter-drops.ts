import type { FirewallMovement } from '../../facts/movement.ts';
import { hostPrefix } from '../../model/address.ts';
import { valueIn } from '../../model/fact.ts';
import { quote } from '../../plan/shell.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { movementOf } from '../moved.ts';
import { bridgePort, enteringBridge } from '../pod-bridge.ts';
import type { Rule } from '../rule.ts';
import { atNode, evidence, groupText } from '../say.ts';
import { notReceiving } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'bridge-netfilter-drops',
  title: 'The node’s packet filter lets bridged multicast pass',
  stage: 'node',
  severity: 'error',
  needs: ['links', 'node.links', 'node.sysctls', 'node.firewall', 'node.look', 'node.movement'],
  skip: (c) => (c.onHost ? 'the target is not behind a bridge of its node' : notReceiving(c)),
  check: (c) => {
    const key = `net.bridge.bridge-nf-call-${c.group.family === 4 ? 'iptables' : 'ip6tables'}`;
    if (c.nodeNs.sysctls[key] !== '1' || c.arrivals.length > 0) return [];
    const port = bridgePort(c);
    const entered = enteringBridge(c);
    const drops = forwardDrops(c);
    if (port === undefined || entered.length === 0 || drops.length === 0) return [];
    const bridge = c.nodeNs.links.find((l) => l.index === port.masterIndex);
    return [
      {
        summary: `a packet filter of ${c.target.node} drops ${groupText(c)} on its way through bridge ${bridge?.name}`,
        detail: `${key} = 1 sends bridged frames through the FORWARD chain, and that drops them. They enter the bridge by one port and never leave by the pod’s.`,
        advice: 'Accept the group in FORWARD for bridged frames. Leave the sysctl alone: kube-proxy needs it.',
        evidence: [
          evidence(atNode(c, entered[0]?.interface), 'capture', `enters the bridge: ${describeFlows(entered)}`),
          evidence(atNode(c, port.name), 'capture', `no datagram to ${c.group.address} leaves to the pod`),
          evidence(atNode(c), key, '1'),
          ...drops
            .slice(0, 1)
            .map((m) =>
              evidence(
                atNode(c),
                `${m.family} ${m.table} ${m.chain}`,
                `${m.text}: rose by ${m.packets} during the look`,
              ),
            ),
        ],
        fixes: drops.slice(0, 1).map((m) => accept(c, m)),
      },
    ];
  },
};
export default rule;

/** Rules that dropped something, and policies of drop that were met, at the forward hook. */
function forwardDrops(c: Case): FirewallMovement[] {
  const firewall = valueIn(valueIn(c.nodeObservation)?.netns.firewall ?? { unknown: '' });
  const observed = movementOf(valueIn(c.nodeObservation))?.firewall;
  const moved = observed === undefined ? [] : (valueIn(observed) ?? []);
  const families = c.group.family === 4 ? ['ip', 'inet'] : ['ip6', 'inet'];
  return moved.filter((m) => {
    const chain = firewall?.chains.find((x) => x.family === m.family && x.table === m.table && x.name === m.chain);
    const rule = firewall?.rules.find(
      (x) => x.family === m.family && x.table === m.table && x.chain === m.chain && x.number === m.number,
    );
    const drops =
      m.number === undefined ? m.text === 'policy drop' : rule?.verdict === 'drop' || rule?.verdict === 'reject';
    return drops && families.includes(m.family) && (chain?.hook === 'forward' || chain?.hook === undefined);
  });
}

function accept(c: Case, m: FirewallMovement): Fix {
  const node = c.target.node ?? '';
  const title = `Let bridged frames of ${c.group.address} pass (until the node restarts; make it last where its rules are kept)`;
  const four = c.group.family === 4;
  if (m.family === 'inet' || !['filter', 'raw', 'mangle'].includes(m.table))
    return {
      kind: 'node',
      node,
      title,
      run: `nft insert rule ${m.family} ${quote(m.table)} ${quote(m.chain)} ${four ? 'ip' : 'ip6'} daddr ${c.group.address} accept`,
    };
  const tool = four ? 'iptables' : 'ip6tables';
  const match = `${quote(m.chain)} -d ${hostPrefix(c.group.address)} -m physdev --physdev-is-bridged -j ACCEPT`;
  const table = m.table === 'filter' ? '' : `-t ${m.table} `;
  return { kind: 'node', node, title, run: `${tool} ${table}-I ${match}`, undo: `${tool} ${table}-D ${match}` };
}
