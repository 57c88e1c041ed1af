import type { Rule } from '../rule.ts';
import { snoopingFinding, snoopingSkip } from '../snooping.ts';

const rule: Rule = {
  id: 'mld-snooping',
  title: 'The switch keeps the receiver’s membership (MLD)',
  stage: 'network',
  severity: 'error',
  needs: ['memberships', 'node.look', 'node.joinLook'],
  skip: (c) => (c.group.family === 4 ? 'an IPv4 group' : snoopingSkip(c)),
  check: (c) => [
    ...snoopingFinding(c, { protocol: 'MLD', queried: false }),
    ...snoopingFinding(c, { protocol: 'MLD', queried: true }),
  ],
};
export default rule;
