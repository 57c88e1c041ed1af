import { NETWORKS_ANNOTATION } from '../../model/nad.ts';
import { attachedAs, soundConfig } from '../attachment.ts';
import { clusterAddresses, wayTo } from '../cluster-ways.ts';
import type { Fix } from '../fix.ts';
import type { Rule } from '../rule.ts';
import { at, evidence } from '../say.ts';
import { withoutAttachments } from '../skips.ts';

/** The whole of IPv4, at once or in halves, as VPN clients write it. */
const DEFAULTS = ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1'];

const rule: Rule = {
  id: 'default-route-moved',
  title: 'The default route stays with the cluster network',
  stage: 'attachment',
  severity: 'warning',
  needs: ['pod', 'links', 'addresses', 'routes', 'rules'],
  skip: withoutAttachments,
  check: (c) => {
    const lost = clusterAddresses(c)
      .map((known) => ({ ...known, way: wayTo(c, known.address) }))
      .find(
        ({ way }) =>
          way !== undefined && way.interface !== c.primary && DEFAULTS.includes(way.route?.destination ?? ''),
      );
    if (lost?.way === undefined) return [];
    const name = lost.way.interface;
    const gateway = lost.way.gateway;
    const owners = c.attachments.filter((a) => attachedAs(a) === name);
    const written = owners.flatMap((a) =>
      (soundConfig(a)?.routes ?? []).filter((r) => DEFAULTS.includes(r.dst)).map((r) => ({ a, dst: r.dst })),
    );
    const annotated = /default-route/.test(c.pod?.annotations[NETWORKS_ANNOTATION] ?? '');
    const fixes: Fix[] =
      written.length > 0
        ? [
            ...written.map(
              ({ a, dst }): Fix => ({
                kind: 'attachment',
                namespace: a.selection.namespace,
                name: a.selection.name,
                edits: [{ drop: 'route', dst }],
              }),
            ),
            { kind: 'recreate' },
          ]
        : [
            {
              kind: 'advice',
              on: 'cluster',
              title: `Take the default route off ${name}${annotated ? ' (field “default-route” of the networks annotation)' : ''}`,
            },
          ];
    return [
      {
        summary: `the pod’s default route leads out of ${name}: ${lost.what} is out of reach`,
        detail: `What has no route of its own leaves by ${name}${gateway === undefined ? '' : ` to ${gateway}`}. Cluster DNS, Services and the API are not there, so that an application that looks names up fails before it joins anything.`,
        advice: 'Give the attachment only the prefixes that are needed there: the group, and the sources.',
        evidence: [
          evidence(
            at(c, name),
            'routes',
            `${lost.way.route?.destination}${gateway === undefined ? '' : ` via ${gateway}`} dev ${name}`,
          ),
          evidence(at(c), 'route lookup', `${lost.what} ${lost.address} leaves by ${name}`),
          ...(annotated
            ? [
                evidence(
                  c.target.name,
                  `annotation ${NETWORKS_ANNOTATION}`,
                  c.pod?.annotations[NETWORKS_ANNOTATION] ?? '',
                ),
              ]
            : []),
        ],
        fixes,
      },
    ];
  },
};
export default rule;
