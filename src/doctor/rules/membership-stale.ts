import { replaced } from '../membership-absent.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText } from '../say.ts';
import { notReceiving, withoutAttachments } from '../skips.ts';
import { describeSocket, listeners } from '../sockets.ts';

const rule: Rule = {
  id: 'membership-stale',
  title: 'The interfaces are the ones that the application joined on',
  stage: 'membership',
  severity: 'error',
  needs: ['pod', 'links', 'memberships', 'sockets'],
  skip: (c) => withoutAttachments(c) ?? notReceiving(c),
  check: (c) =>
    replaced(c).map((a) => {
      const name = a.link?.name;
      const [socket] = listeners(c);
      return {
        summary: `${name} is another interface than the one that was attached; the membership of ${groupText(c)} went with the old one`,
        detail:
          'Deleting an interface ends the memberships on it; a new one of the same name does not get them back. The socket stays open and waits for nothing. Routes of the attachment are gone too.',
        advice: 'Create the pod anew, or let the application close its socket and join again.',
        evidence: [
          evidence(c.target.name, 'network-status', `${name} had the MAC ${a.status?.mac}`),
          evidence(at(c, name), 'links', `has the MAC ${a.link?.mac}`),
          ...(socket === undefined ? [] : [evidence(at(c), '/proc/net/udp', `still open: ${describeSocket(socket)}`)]),
          evidence(
            at(c, name),
            c.group.family === 4 ? '/proc/net/igmp' : '/proc/net/igmp6',
            `not a member of ${c.group.address}`,
          ),
        ],
        fixes: [{ kind: 'recreate' as const }],
      };
    }),
};
export default rule;
