import { valueIn } from '../../model/fact.ts';
import { NETWORKS_ANNOTATION, STATUS_ANNOTATION } from '../../model/nad.ts';
import type { Rule } from '../rule.ts';
import { atNode, evidence } from '../say.ts';
import { hasStatus, withoutAttachments } from '../skips.ts';

const rule: Rule = {
  id: 'multus-not-invoked',
  title: 'The meta-plugin was asked when the pod was created',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'metaPlugin'],
  skip: withoutAttachments,
  check: (c) => {
    const later = c.pod === undefined ? undefined : valueIn(c.pod.annotatedLater);
    const meta = valueIn(c.snapshot.cluster.metaPlugin);
    const absent = c.attachments.every((a) => a.link === undefined && a.status === undefined);
    if (hasStatus(c) || !absent || later === true || c.pod?.podIPs.length === 0 || meta?.present !== true) return [];
    const files = c.node === undefined ? undefined : valueIn(c.node.cni);
    const first = files?.configurations[0];
    const renamed = files?.configurations.find((f) => /multus.*(bak|save|old)/.test(f.name));
    return [
      {
        summary: 'the meta-plugin never saw this pod',
        detail: `The pod has an address but no ${STATUS_ANNOTATION} annotation: the runtime called another CNI configuration than Multus' (Cilium renames it unless cni-exclusive is "false").`,
        advice:
          'Make Multus’ file the first in /etc/cni/net.d again (Cilium: cni-exclusive "false" in ConfigMap cilium-config, restart Cilium, then Multus), then create the pod anew.',
        evidence: [
          evidence(c.target.name, `annotation ${NETWORKS_ANNOTATION}`, c.pod?.annotations[NETWORKS_ANNOTATION] ?? ''),
          evidence(c.target.name, `annotation ${STATUS_ANNOTATION}`, 'absent'),
          evidence('cluster', 'API', meta.evidence),
          ...(first === undefined
            ? []
            : [
                evidence(
                  atNode(c),
                  '/etc/cni/net.d',
                  `the runtime uses ${first.name} (type ${first.type})${renamed === undefined ? '' : `; ${renamed.name} was put aside`}`,
                ),
              ]),
        ],
        fixes: [
          ...(renamed === undefined || c.target.node === undefined
            ? [
                {
                  kind: 'advice' as const,
                  on: 'cluster' as const,
                  title: 'Make the meta-plugin’s configuration the first file of /etc/cni/net.d on every node',
                },
              ]
            : [
                {
                  kind: 'node' as const,
                  node: c.target.node,
                  title: `Put ${renamed.name} back in its place`,
                  run: `mv /etc/cni/net.d/${renamed.name} /etc/cni/net.d/${renamed.name.replace(/\.(cilium_)?(bak|save|old)$/, '')}`,
                },
              ]),
          { kind: 'recreate' as const },
        ],
      },
    ];
  },
};
export default rule;
