import type { SettingFacts } from '../../facts/manifests/facts.ts';
import { parsePrefix } from '../../model/address.ts';
import { isMulticast } from '../../model/group.ts';
import type { Case } from '../case.ts';
import { notOfManifests, settingEvidence, settingsOf } from '../manifests.ts';
import type { Rule } from '../rule.ts';

const EXCEPTIONS = /nonMasqueradeCIDRs|native-?routing-?cidr/i;
const SWITCH = /^(enableIPv4Masquerade|enable-ipv4-masquerade)$/;

const rule: Rule = {
  id: 'cilium-masquerade-for-multicast',
  title: 'Masquerading is not configured for the sake of multicast',
  stage: 'manifest',
  severity: 'warning',
  needs: [],
  skip: notOfManifests,
  check: (c) => {
    const groups = ['cilium', 'ip-masq-agent'].flatMap((p) => settingsOf(c, p, EXCEPTIONS)).filter(isGroups);
    const off = settingsOf(c, 'cilium', SWITCH).filter((s) => s.value === 'false');
    const both = off.length > 0 && wantsMulticast(c);
    if (groups.length === 0 && !both) return [];
    return [
      {
        severity: groups.length > 0 ? 'warning' : 'info',
        summary:
          groups.length > 0
            ? 'an exception from masquerading does not make multicast pass'
            : 'masquerading is off beside a setting for multicast; the one does not need the other',
        detail:
          'Masquerading changes the source address of what leaves the node. Cilium drops a pod’s multicast earlier, unless its multicast is on and the group was added; then the copies go through the tunnel with the pod’s own address, masquerading or not.',
        advice:
          'Leave masquerading as the rest of the cluster needs it (without it pods may lose the way out), switch on multicast-enabled, and add the groups.',
        evidence: [...groups, ...(both ? off : [])].map(settingEvidence),
        fixes: [],
      },
    ];
  },
};
export default rule;

function isGroups({ value }: SettingFacts): boolean {
  const prefix = parsePrefix(value);
  return prefix !== undefined && isMulticast(prefix.address);
}

function wantsMulticast(c: Case): boolean {
  return settingsOf(c, 'cilium', /multicast/i).some((s) => s.value === 'true');
}
