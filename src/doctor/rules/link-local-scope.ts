import { isLinkScope } from '../../model/group.ts';
import { askedSource, isOnLink } from '../asked-source.ts';
import type { Rule } from '../rule.ts';
import { at, evidence } from '../say.ts';

const rule: Rule = {
  id: 'link-local-scope',
  title: 'The group may leave the link that it is sent on',
  stage: 'group',
  severity: 'info',
  needs: [],
  skip: (c) => (isLinkScope(c.group.address) ? undefined : 'the group may be routed'),
  check: (c) => {
    if (c.arrivals.length > 0 || c.sightings.length > 0 || c.joinSightings.length > 0) return [];
    const source = askedSource(c);
    const elsewhere = source !== undefined && isOnLink(c, source) === false;
    const range = c.group.family === 4 ? '224.0.0.0/24' : 'the link-local scope';
    return [
      {
        severity: elsewhere ? 'error' : 'info',
        summary: elsewhere
          ? `${c.group.address} never leaves a link, and ${source} is on another one`
          : `${c.group.address} is in ${range}, which no router forwards`,
        detail:
          'Groups of link-local scope stay on the link they were sent on, whatever their TTL (RFC 5771 §4, RFC 4291 §2.7): not through a router, and between nodes only where the pod network is one link.',
        advice: elsewhere
          ? `Attach the target to the link of ${source}, use a group that is routed (239.0.0.0/8, ff18::/16), or run a reflector with an interface on both links.`
          : 'Sender and receiver must share one link; for anything else use a group that is routed, or a reflector.',
        evidence: [
          evidence(c.target.name, 'question', `group ${c.group.address}`),
          ...(elsewhere
            ? [evidence(at(c), 'addresses', `no interface of the target or its node is in the network of ${source}`)]
            : []),
        ],
        fixes: elsewhere
          ? [
              {
                kind: 'advice',
                on: 'application',
                title: `Use a group that routers forward instead of ${c.group.address}, or bring sender and receiver onto one link`,
              },
            ]
          : [],
      },
    ];
  },
};
export default rule;
