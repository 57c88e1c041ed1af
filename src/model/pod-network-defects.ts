/** Versions and settings of cluster networks that are known to break multicast, in one table. */

export interface PodNetworkDefect {
  /** As in `PodNetworkFacts.name`. */
  readonly network: string;
  /** First version that has it, and the first that has not; absent: from the beginning, until today. */
  readonly from?: string;
  readonly before?: string;
  /** Settings without which it does not show. */
  readonly when?: (settings: Readonly<Record<string, string>>) => boolean;
  /** Whether it explains by itself that nothing arrives; else it may. */
  readonly decisive: boolean;
  readonly what: string;
  readonly fix: string;
  /** Where that is known from. */
  readonly source: string;
}

const enabled = (settings: Readonly<Record<string, string>>) => settings['multicast-enabled'] === 'true';

const DEFECTS: readonly PodNetworkDefect[] = [
  {
    network: 'cilium',
    when: (s) =>
      enabled(s) &&
      (s['routing-mode'] === 'native' ||
        s.tunnel === 'disabled' ||
        (s['tunnel-protocol'] ?? 'vxlan') !== 'vxlan' ||
        s['enable-ipsec'] === 'true'),
    decisive: true,
    what: 'Cilium’s multicast works in vxlan tunnel mode without IPsec alone',
    fix: 'Set routing-mode to tunnel and tunnel-protocol to vxlan, and switch IPsec off, or bring the group by another network',
    source: 'docs.cilium.io/en/stable/network/multicast',
  },
  {
    network: 'cilium',
    before: '1.16.0',
    decisive: false,
    when: enabled,
    what: 'multicast is documented from Cilium 1.16 on',
    fix: 'Upgrade Cilium to a current 1.17 or later',
    source: 'docs.cilium.io/en/stable/network/multicast',
  },
  {
    network: 'cilium',
    from: '1.18.0',
    before: '1.18.1',
    when: enabled,
    decisive: false,
    what: 'agents that had multicast on before the upgrade panic at start ("assignment to entry in nil map")',
    fix: 'Upgrade Cilium past 1.18.0',
    source: 'github.com/cilium/cilium/issues/40830',
  },
  {
    network: 'cilium',
    from: '1.18.2',
    before: '1.18.3',
    when: enabled,
    decisive: false,
    what: '"cilium-dbg bpf multicast group add" crashes, so no group can be added',
    fix: 'Upgrade to a version that has cilium/cilium#42080',
    source: 'github.com/cilium/cilium/issues/42079',
  },
  {
    network: 'cilium',
    from: '1.19.0-pre.1',
    before: '1.19.0-pre.2',
    when: enabled,
    decisive: false,
    what: '"cilium-dbg bpf multicast group add" crashes, so no group can be added',
    fix: 'Upgrade to a version that has cilium/cilium#42080',
    source: 'github.com/cilium/cilium/issues/42079',
  },
  {
    network: 'antrea',
    before: '1.5.0',
    decisive: true,
    what: 'Antrea has multicast from 1.5 on',
    fix: 'Upgrade Antrea',
    source: 'antrea.io/docs/main/docs/multicast-guide',
  },
  {
    network: 'antrea',
    from: '1.5.0',
    before: '1.11.2',
    decisive: false,
    what: 'the agent may crash when many receivers start together (1.11.1) or, with encapsulation, by a race (1.11.2)',
    fix: 'Upgrade Antrea to 1.11.2 or later',
    source: 'github.com/antrea-io/antrea/pull/4870 and 4903',
  },
  {
    network: 'antrea',
    from: '1.5.0',
    before: '2.3.1',
    decisive: false,
    what: 'a receiver that ended without leaving and joins again minutes later may get nothing',
    fix: 'Upgrade Antrea to 2.3.1 or later; until then create the receiver’s pod anew',
    source: 'github.com/antrea-io/antrea/issues/7140',
  },
  {
    network: 'kube-ovn',
    from: '1.12.17',
    before: '1.13.0',
    decisive: false,
    what: 'a subnet with enableMulticastSnoop has no querier: receivers are forgotten after 300 s',
    fix: 'Upgrade Kube-OVN to 1.13 or later, or leave enableMulticastSnoop off',
    source: 'github.com/kubeovn/kube-ovn/issues/4087',
  },
  {
    network: 'kube-ovn',
    from: '1.9.29',
    before: '1.10.0',
    decisive: false,
    what: 'a subnet with enableMulticastSnoop has no querier: receivers are forgotten after 300 s',
    fix: 'Upgrade Kube-OVN to 1.13 or later, or leave enableMulticastSnoop off',
    source: 'github.com/kubeovn/kube-ovn/issues/4087',
  },
];

/** The defects of that network in that version, with those settings. Without a version only those that settings alone bring about. */
export function podNetworkDefects(network: {
  readonly name: string;
  readonly version?: string;
  readonly settings: Readonly<Record<string, string>>;
}): PodNetworkDefect[] {
  const { name, version, settings } = network;
  return DEFECTS.filter(
    (d) =>
      d.network === name &&
      (d.when === undefined || d.when(settings)) &&
      ((d.from === undefined && d.before === undefined) || (version !== undefined && isWithin(version, d))),
  );
}

function isWithin(version: string, { from, before }: PodNetworkDefect): boolean {
  return (
    (from === undefined || compareVersions(version, from) >= 0) &&
    (before === undefined || compareVersions(version, before) < 0)
  );
}

/** Order of versions (semver.org §11, numbers of a pre-release apart): negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [one, two] = [parse(a), parse(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (one.numbers[i] ?? 0) - (two.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (one.pre === two.pre) return 0;
  if (one.pre === '') return 1;
  if (two.pre === '') return -1;
  return one.pre.localeCompare(two.pre, 'en', { numeric: true });
}

function parse(version: string): { readonly numbers: readonly number[]; readonly pre: string } {
  const [core = '', ...pre] = version.replace(/^v/, '').split('+')[0]!.split('-');
  return { numbers: core.split('.').map((part) => Number.parseInt(part, 10) || 0), pre: pre.join('-') };
}
