import { valueIn } from '../../model/fact.ts';
import type { Case } from '../case.ts';
import { manifestsOf, settingEvidence, settingsOf } from '../manifests.ts';
import type { Evidence, Rule } from '../rule.ts';
import { evidence } from '../say.ts';

const KEY = /multicast/i;

const rule: Rule = {
  id: 'flannel-enablemulticast',
  title: 'Flannel is not told to carry multicast, which it cannot',
  stage: 'manifest',
  severity: 'warning',
  needs: [],
  skip: (c) =>
    manifestsOf(c) !== undefined || valueIn(c.snapshot.cluster.podNetwork)?.name === 'flannel'
      ? undefined
      : 'the pod network is not known to be Flannel',
  check: (c) => {
    const seen = [...settingsOf(c, 'flannel', KEY).map(settingEvidence), ...running(c)];
    if (seen.length === 0) return [];
    return [
      {
        summary: 'Flannel has no setting for multicast: what is written there is ignored',
        detail:
          'No version of Flannel has a key EnableMulticast, or any other for it; unknown keys of net-conf.json are skipped without a word. Its backends carry unicast alone between nodes: VXLAN without flooding, host-gw by routes, WireGuard by peers.',
        advice:
          'Take the key out. Attach the pods to the LAN of the stream through Multus, use hostNetwork, or another pod network.',
        evidence: seen,
        fixes: [],
      },
    ];
  },
};
export default rule;

/** In the ConfigMap of a cluster that runs. */
function running(c: Case): Evidence[] {
  const network = valueIn(c.snapshot.cluster.podNetwork);
  const found = /"([^"]*multicast[^"]*)"\s*:\s*(true|false|\d+)?/i.exec(network?.settings['net-conf.json'] ?? '');
  return found === null
    ? []
    : [evidence('cluster', 'ConfigMap kube-flannel-cfg', [found[1], found[2]].filter(Boolean).join(': '))];
}
