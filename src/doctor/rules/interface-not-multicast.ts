import type { Fix } from '../fix.ts';
import { ownLink, parentLink } from '../parent.ts';
import type { Rule } from '../rule.ts';
import { at, atNode, evidence } from '../say.ts';

const FLAG = 'MULTICAST';

const rule: Rule = {
  id: 'interface-not-multicast',
  title: 'The interface is marked as able to do multicast',
  stage: 'node',
  severity: 'warning',
  needs: ['links'],
  skip: (c) => (c.expected === undefined ? 'no interface is expected to carry the group' : undefined),
  check: (c) => {
    const name = c.expected?.interface ?? '';
    const own = ownLink(c, name);
    const parent = c.onHost ? undefined : parentLink(c, name);
    const bare = [own, parent].filter(
      (link) => link !== undefined && !link.flags.includes('LOOPBACK') && !link.flags.includes(FLAG),
    );
    if (bare.length === 0) return [];
    const onNode = parent !== undefined && !parent.flags.includes(FLAG);
    const inPod = own !== undefined && !own.flags.includes(FLAG);
    const where = inPod ? at(c, name) : atNode(c, parent?.name);
    const nodeName = inPod && c.onHost ? name : onNode ? parent?.name : undefined;
    const node = c.target.node;
    const fixes: Fix[] = [
      ...(nodeName === undefined || node === undefined
        ? []
        : [
            {
              kind: 'node',
              node,
              title: `Set the flag of ${nodeName}`,
              run: `ip link set dev ${nodeName} multicast on`,
              undo: `ip link set dev ${nodeName} multicast off`,
            } satisfies Fix,
          ]),
      ...(inPod && !c.onHost ? [{ kind: 'recreate' } satisfies Fix] : []),
    ];
    return [
      {
        summary: `${where} lacks the flag MULTICAST`,
        detail:
          'The kernel’s IPv4 does not ask for the flag, but many libraries do: Java, DDS and mDNS stacks leave out interfaces without it when they choose where to join and send.',
        advice: 'Set the flag again (ip link set dev NAME multicast on), and look for who took it away.',
        evidence: [
          ...(own === undefined ? [] : [evidence(at(c, name), 'links', `<${own.flags.join(',')}>`)]),
          ...(onNode ? [evidence(atNode(c, parent?.name), 'links', `<${parent?.flags.join(',')}>`)] : []),
        ],
        fixes,
      },
    ];
  },
};
export default rule;
