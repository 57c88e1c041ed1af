import { notOfManifests, settingEvidence, settingsOf } from '../manifests.ts';
import type { Rule } from '../rule.ts';

/** What the chart has not: the switch by itself. Isovalent's enterprise.multicast and the agent's own key under extraConfig exist. */
const WRONG = /^multicast(\.|$)/;
const RIGHT = /^extraConfig\.multicast-enabled$/;

const rule: Rule = {
  id: 'cilium-helm-multicast-enabled',
  title: 'Cilium’s multicast is switched on by a key that its chart has',
  stage: 'manifest',
  severity: 'warning',
  needs: [],
  skip: notOfManifests,
  check: (c) => {
    const wrong = settingsOf(c, 'cilium', WRONG).filter((s) => s.helm);
    if (wrong.length === 0) return [];
    const right = settingsOf(c, 'cilium', RIGHT).some((s) => s.helm && s.value === 'true');
    return [
      {
        severity: right ? 'info' : 'warning',
        summary: right
          ? 'Cilium’s chart has no value multicast.enabled; extraConfig, which is there too, is what works'
          : 'Cilium’s chart has no value multicast.enabled: multicast stays off',
        detail:
          'The chart accepts values that it does not know and does nothing with them. The agent reads multicast-enabled of ConfigMap cilium-config, which extraConfig writes.',
        advice:
          'Write extraConfig: {multicast-enabled: "true"} in its place, restart the agents, and add each group (cilium multicast add --group-ip GROUP): switched on, Cilium carries only groups that it was told of, in VXLAN mode, IPv4 alone.',
        evidence: wrong.map(settingEvidence),
        fixes: [],
      },
    ];
  },
};
export default rule;
