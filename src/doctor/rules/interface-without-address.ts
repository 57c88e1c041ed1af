import { reversePath } from '../../model/reverse-path.ts';
import { soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import { parentName } from '../expected.ts';
import type { Fix } from '../fix.ts';
import { ipamOnLan, nodeSubnet, withIpam } from '../lan-address.ts';
import { attachmentFor, ownLink } from '../parent.ts';
import { routingOf } from '../routing.ts';
import type { Rule } from '../rule.ts';
import { at, atNad, evidence } from '../say.ts';
import { withoutAttachments } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'interface-without-address',
  title: 'The interface that carries the group has an address',
  stage: 'attachment',
  severity: 'error',
  needs: ['links', 'addresses', 'routes', 'sysctls'],
  skip: (c) =>
    withoutAttachments(c) ?? (c.group.family === 6 ? 'IPv6 interfaces give themselves an address' : undefined),
  check: (c) => {
    const name = c.expected?.interface ?? '';
    if (ownLink(c, name) === undefined || name === c.primary) return [];
    if (c.ns.addresses.some((a) => a.interface === name && a.family === 4)) return [];
    const judged = c.sources.map((source) =>
      reversePath(routingOf(c.ns), { source, interface: name, group: c.group.address }),
    );
    const refused = judged.filter((v) => !v.accepted);
    const deaf = refused.length > 0 && refused.length === judged.length;
    const sends = c.departures.some((f) => f.interface === name);
    if (!deaf && !sends) return [];
    const attachment = attachmentFor(c, name);
    const arrived = c.arrivals.filter((f) => f.interface === name);
    return [
      {
        severity: deaf && c.role !== 'sender' ? 'error' : 'warning',
        summary: `${name} has no IPv4 address`,
        detail: deaf
          ? `Without one the reverse-path filter drops every source that no route to ${name} leads to, also in loose mode. A capture shows the datagrams, the application never gets them.`
          : 'Datagrams and IGMP reports of the pod carry an address of another interface, which receivers and switches of that LAN may refuse.',
        advice: `Give the attachment of ${name} an ipam with an address, or set rp_filter to 0 for all and ${name}.`,
        evidence: [
          evidence(at(c, name), 'addresses', 'no IPv4 address'),
          ...(deaf ? [evidence(at(c, name), 'net.ipv4.conf.*.rp_filter', refused[0]?.reason ?? '')] : []),
          ...(arrived.length > 0 ? [evidence(at(c, name), 'capture', describeFlows(arrived))] : []),
          ...(attachment === undefined || soundConfig(attachment) === undefined
            ? []
            : [
                evidence(
                  atNad(attachment),
                  'spec.config ipam',
                  JSON.stringify(soundConfig(attachment)?.json.ipam ?? 'none'),
                ),
              ]),
        ],
        fixes: fixesFor(c, name),
      },
    ];
  },
};
export default rule;

function fixesFor(c: Case, name: string): Fix[] {
  const attachment = attachmentFor(c, name);
  const config = attachment === undefined ? undefined : soundConfig(attachment);
  if (attachment === undefined || config === undefined)
    return [{ kind: 'advice', on: 'cluster', title: `Give ${name} an address where it is made` }];
  const { namespace, name: nad } = attachment.selection;
  // An ipam that gave addresses once will do so again: somebody took the address away afterwards.
  if (config.ipamType !== undefined)
    return [{ kind: 'attachment', namespace, name: nad, edits: [] }, { kind: 'recreate' }];
  const chosen = ipamOnLan(c, nodeSubnet(c, parentName(c, name)));
  // One link-local address for all pods (RFC 3927) is enough to receive.
  const ipam = chosen?.ipam ?? { type: 'static', addresses: [{ address: '169.254.254.254/32' }] };
  return [
    {
      kind: 'attachment',
      namespace,
      name: nad,
      edits: [{ set: 'config', value: JSON.stringify(withIpam(config.json, ipam)) }],
    },
    {
      kind: 'advice',
      on: 'network',
      title:
        chosen === undefined
          ? 'Ask the LAN’s owner for an address: the link-local one is enough to receive, routers and peers need a real one'
          : `Have the LAN’s owner confirm ${chosen.addresses}: no pod, node or pool known to kmcast has it`,
    },
    { kind: 'recreate' },
    {
      kind: 'alternative',
      title: `Without an address: no reverse-path filter on ${name} (tuning plugin in the attachment; all must be 0 too)`,
      on: 'cluster',
      run: `{"type": "tuning", "sysctl": {"net.ipv4.conf.all.rp_filter": "0", "net.ipv4.conf.${name}.rp_filter": "0"}}`,
    },
  ];
}
