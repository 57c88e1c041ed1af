import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { interfaceWithoutIpv6 } from '../ipv6.ts';
import type { Rule } from '../rule.ts';
import { at, evidence } from '../say.ts';

const rule: Rule = {
  id: 'ipv6-disabled',
  title: 'IPv6 is on where an IPv6 group is wanted',
  stage: 'socket',
  severity: 'error',
  needs: ['sysctls', 'addresses'],
  skip: (c) => (c.group.family === 4 ? 'an IPv4 group' : undefined),
  check: (c) => {
    const name = interfaceWithoutIpv6(c);
    if (name === undefined) return [];
    const key = `net.ipv6.conf.${name}.disable_ipv6`;
    return [
      {
        summary: `IPv6 is switched off on ${name}, so nobody there hears ${c.group.address}`,
        detail:
          'The kernel drops every IPv6 packet there, in and out: no MLD report leaves, and datagrams that come go nowhere. A join that names the interface succeeds all the same; one that names none fails with ENODEV where no interface has IPv6.',
        advice: `Set ${key} to 0 (it is copied from the node when a pod is created), then start the application anew.`,
        evidence: [evidence(at(c, name), key, '1'), evidence(at(c, name), 'addresses', 'no IPv6 address')],
        fixes: fixesFor(c, name, key),
      },
    ];
  },
};
export default rule;

function fixesFor(c: Case, interfaceName: string, key: string): Fix[] {
  if (c.onHost && c.target.node !== undefined)
    return [
      {
        kind: 'node',
        node: c.target.node,
        title: `Switch IPv6 on for ${interfaceName} (until the node restarts; make it last in /etc/sysctl.d)`,
        run: `sysctl -w ${key}=0`,
        undo: `sysctl -w ${key}=1`,
      },
      { kind: 'recreate' },
    ];
  const attachment = c.attachments.find((a) => a.selection.interface === interfaceName);
  if (attachment === undefined)
    return [
      { kind: 'advice', on: 'cluster', title: `Switch IPv6 on in the pod network, or set ${key} to 0 in the pod` },
    ];
  const { namespace, name } = attachment.selection;
  return [
    { kind: 'attachment', namespace, name, edits: [{ set: 'sysctl', name: key, value: '0' }] },
    { kind: 'recreate' },
  ];
}
