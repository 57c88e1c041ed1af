import { valueIn } from '../../model/fact.ts';
import { isSourceSpecific } from '../../model/group.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { filtersOf } from '../membership.ts';
import type { Found, Rule } from '../rule.ts';
import { at, evidence, groupText } from '../say.ts';
import { notReceiving } from '../skips.ts';

const rule: Rule = {
  id: 'igmp-version-downgrade',
  title: 'Source-specific joins are reported with IGMPv3',
  stage: 'membership',
  severity: 'error',
  needs: ['memberships', 'sourceFilters', 'sysctls'],
  skip: (c) =>
    notReceiving(c) ??
    (c.group.family === 6
      ? 'an IPv6 group'
      : filtersOf(c).every((f) => f.include === 0)
        ? 'no source-specific join'
        : wantsOldVersion(c)),
  check: (c) =>
    c.memberships.flatMap((m): Found[] => {
      const forced = forcedVersion(c, m.interface);
      const version = forced === undefined ? m.querierVersion : `V${forced.version}`;
      if ((version !== 'V1' && version !== 'V2') || filtersOf(c, m.interface).every((f) => f.include === 0)) return [];
      const severity =
        c.arrivals.length > 0 ? 'info' : isSourceSpecific(c.group.address) && !seen(c) ? 'error' : 'warning';
      return [
        {
          severity,
          summary: `${m.interface} speaks IGMP${version.toLowerCase()}, which cannot name the source of ${groupText(c)}`,
          detail:
            'The source-specific join goes out as a join for any source. Routers ignore that in 232.0.0.0/8 (RFC 4604 §2.2), so a stream from another network does not come; on the LAN itself the host still sorts the sources.',
          advice:
            forced === undefined
              ? 'Let the querier of that LAN ask with IGMPv3.'
              : `Set ${forced.name} to 0: the kernel then uses IGMPv3 unless an older querier asks.`,
          evidence: [
            evidence(
              at(c, m.interface),
              '/proc/net/igmp',
              `member of ${m.group}, querier ${m.querierVersion ?? 'unknown'}`,
            ),
            ...(forced === undefined ? [] : [evidence(at(c, m.interface), forced.name, String(forced.version))]),
            ...filtersOf(c, m.interface)
              .slice(0, 2)
              .map((f) =>
                evidence(
                  at(c, m.interface),
                  '/proc/net/mcfilter',
                  `${f.group} source ${f.source} include ${f.include}`,
                ),
              ),
          ],
          fixes: forced === undefined ? askWithV3(c) : stopForcing(c, m.interface, forced.name, forced.version),
        },
      ];
    }),
};
export default rule;

/** Networks whose documentation asks for IGMPv2, where the setting is the cure and not the fault. */
function wantsOldVersion(c: Case): string | undefined {
  const onCilium =
    valueIn(c.snapshot.cluster.podNetwork)?.name === 'cilium' && c.memberships.every((m) => m.interface === c.primary);
  const onAws = valueIn(c.snapshot.cluster.nodes)?.some(
    (n) => n.name === c.target.node && n.providerID?.startsWith('aws://') === true,
  );
  return onCilium || onAws === true ? 'this network understands IGMPv2 joins alone' : undefined;
}

function seen(c: Case): boolean {
  return c.sightings.length + c.joinSightings.length > 0;
}

/** `all` wins over the interface's own value (net/ipv4/igmp.c IGMP_V1_SEEN). */
function forcedVersion(c: Case, name: string): { readonly name: string; readonly version: number } | undefined {
  for (const scope of ['all', name]) {
    const key = `net.ipv4.conf.${scope}.force_igmp_version`;
    const version = Number(c.ns.sysctls[key] ?? 0);
    if (version === 1 || version === 2) return { name: key, version };
  }
  return undefined;
}

function stopForcing(c: Case, interfaceName: string, key: string, version: number): Fix[] {
  if (c.onHost)
    return c.target.node === undefined
      ? []
      : [
          {
            kind: 'node',
            node: c.target.node,
            title: 'Let the kernel speak IGMPv3 (until the node restarts)',
            run: `sysctl -w ${key}=0`,
            undo: `sysctl -w ${key}=${version}`,
          },
          { kind: 'recreate' },
        ];
  const attachment = c.attachments.find((a) => a.selection.interface === interfaceName);
  if (attachment === undefined)
    return [
      {
        kind: 'advice',
        on: 'cluster',
        title: `Set ${key} to 0 in the pod (it is copied from the node when the pod is created)`,
      },
    ];
  const { namespace, name } = attachment.selection;
  return [
    { kind: 'attachment', namespace, name, edits: [{ set: 'sysctl', name: key, value: '0' }] },
    { kind: 'recreate' },
  ];
}

/** A bridge of the node's may be the querier. */
function askWithV3(c: Case): Fix[] {
  const own = c.nodeNs.links.find((l) => l.bridge?.querier === true && (l.bridge.igmpVersion ?? 2) === 2);
  if (own === undefined || c.target.node === undefined)
    return [{ kind: 'advice', on: 'network', title: 'Set the IGMP querier of that LAN to version 3' }];
  return [
    {
      kind: 'node',
      node: c.target.node,
      title: `Let bridge ${own.name} ask with IGMPv3 (until the node restarts)`,
      run: `ip link set ${own.name} type bridge mcast_igmp_version 3`,
      undo: `ip link set ${own.name} type bridge mcast_igmp_version 2`,
    },
  ];
}
