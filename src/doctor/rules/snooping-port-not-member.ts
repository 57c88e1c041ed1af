import type { Rule } from '../rule.ts';
import { snoopingFinding, snoopingSkip } from '../snooping.ts';

const rule: Rule = {
  id: 'snooping-port-not-member',
  title: 'The switch counts the receiver’s port as a member',
  stage: 'network',
  severity: 'error',
  needs: ['memberships', 'node.look', 'node.joinLook'],
  skip: (c) => (c.group.family === 6 ? 'an IPv6 group: see mld-snooping' : snoopingSkip(c)),
  check: (c) => snoopingFinding(c, { protocol: 'IGMP', queried: true }),
};
export default rule;
