import { manifestsOf, notOfManifests, settingEvidence, settingsOf } from '../manifests.ts';
import type { Rule } from '../rule.ts';

const rule: Rule = {
  id: 'calico-multicast',
  title: 'Calico is not told to carry multicast, which it cannot',
  stage: 'manifest',
  severity: 'warning',
  needs: [],
  skip: notOfManifests,
  check: (c) => {
    const said = settingsOf(c, 'calico', /./);
    if (manifestsOf(c) === undefined || said.length === 0) return [];
    const policy = said.some((s) => /^(ingress|egress)\./.test(s.name));
    return [
      {
        summary: policy
          ? 'a policy of Calico lets groups pass, but Calico’s network carries none'
          : 'Calico has no setting for multicast: what is written there does nothing',
        detail:
          'Each pod of Calico hangs on a routed link of its own, and the node routes unicast alone: datagrams to a group end at the node, also between pods of one node. Policies only say what may pass of what is carried.',
        advice:
          'Attach the pods to the LAN of the stream through Multus (Calico’s policies do not act there), use hostNetwork, or a pod network that carries multicast. For groups of the nodes themselves a policy on host endpoints is right.',
        evidence: said.slice(0, 4).map(settingEvidence),
        fixes: [],
      },
    ];
  },
};
export default rule;
