import { contains } from '../../model/address.ts';
import { valueIn } from '../../model/fact.ts';
import { groupMac, isMulticast } from '../../model/group.ts';
import { type Case, unique } from '../case.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, listing } from '../say.ts';

const rule: Rule = {
  id: 'group-mac-shared',
  title: 'No other group here shares the group’s MAC address',
  stage: 'group',
  severity: 'info',
  needs: [],
  skip: (c) => (isMulticast(c.group.address) ? undefined : 'the address is no group'),
  check: (c) => {
    const mac = groupMac(c.group.address);
    const others = neighbours(c, mac);
    const control = mac.startsWith('01:00:5e:00:00:') && !contains('224.0.0.0/24', c.group.address);
    if (others.length === 0 && !control) return [];
    return [
      {
        summary: control
          ? `${c.group.address} has the MAC ${mac}, which switches flood as network control`
          : `${listing(others)} ${others.length === 1 ? 'has' : 'have'} the same MAC as ${c.group.address}`,
        detail:
          c.group.family === 4
            ? '32 groups share each MAC address (RFC 1112 §6.4: 23 of 28 bits). Network cards, macvlan and switches that forward by MAC bring all of them to a member of one; the kernel sorts them out by address, which costs time.'
            : 'Groups with the same last 32 bits share a MAC address (RFC 2464 §7); the kernel sorts them out by address, which costs time.',
        advice: control
          ? 'Where you may choose, take a group whose low 23 bits are not 0.0.x: snooping never limits these.'
          : 'Where the load matters, take groups that differ in their low 23 bits (IPv6: low 32 bits).',
        evidence: [
          evidence(at(c), 'RFC 1112 §6.4', `${c.group.address} is sent to ${mac}`),
          ...others
            .slice(0, 3)
            .map((group) => evidence(at(c), 'memberships and capture', `${group} is sent to ${mac} too`)),
        ],
        fixes: [],
      },
    ];
  },
};
export default rule;

/** Other groups with that MAC that the target is a member of or that were seen on its wire. */
function neighbours(c: Case, mac: string): string[] {
  const observation = valueIn(c.target.observation);
  const seen = (observation === undefined ? [] : (valueIn(observation.look)?.flows ?? [])).map((f) => f.destination);
  const joined = c.ns.memberships.filter((m) => m.interface !== 'lo').map((m) => m.group);
  return unique([...joined, ...seen]).filter(
    (group) => group !== c.group.address && isMulticast(group) && groupMac(group) === mac,
  );
}
