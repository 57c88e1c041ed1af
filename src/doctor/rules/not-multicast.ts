import { isMulticast } from '../../model/group.ts';
import type { Rule } from '../rule.ts';
import { evidence } from '../say.ts';

const rule: Rule = {
  id: 'not-multicast',
  title: 'The group is a multicast address',
  stage: 'group',
  severity: 'error',
  needs: [],
  check: (c) =>
    isMulticast(c.group.address)
      ? []
      : [
          {
            summary: `${c.group.address} is no multicast address`,
            detail:
              'Groups are 224.0.0.0/4 and ff00::/8; a join of anything else fails with EINVAL, and datagrams to it are unicast.',
            advice: 'Use a group: 239.0.0.0/8 is for use within a site (RFC 2365).',
            evidence: [evidence(c.target.name, 'question', c.group.address)],
            fixes: [
              { kind: 'advice', on: 'application', title: 'Use a group address, such as one out of 239.0.0.0/8' },
            ],
          },
        ],
};
export default rule;
