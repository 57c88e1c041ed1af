import type { Flow } from '../../model/wire.ts';
import type { Case } from '../case.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText } from '../say.ts';
import { notSending } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'unicast-reply-lost',
  title: 'Answers to the target’s datagrams find their way back',
  stage: 'socket',
  severity: 'warning',
  needs: ['addresses'],
  skip: (c) => notSending(c) ?? (c.onHost ? 'a node answers for all its addresses' : undefined),
  check: (c) => {
    const [flow] = c.departures.filter((f) => f.interface !== 'lo' && borrowed(c, f) !== undefined);
    const owner = flow === undefined ? undefined : borrowed(c, flow);
    if (flow === undefined || owner === undefined) return [];
    const own = c.ns.addresses.find((a) => a.interface === flow.interface && a.family === c.group.family);
    return [
      {
        summary: `the target sends to ${groupText(c)} by ${flow.interface}, but with ${owner}'s address ${flow.source}`,
        detail: `Members of the group hear it, but answer to ${flow.source}, which that LAN does not know: discovery works, the conversation does not. Strict reverse-path filters drop the datagrams at once.`,
        advice:
          own === undefined
            ? `Give ${flow.interface} an address of its LAN.`
            : `Let the application bind to ${own.address}, or to no address: the kernel then takes that of ${flow.interface}.`,
        evidence: [
          evidence(at(c, flow.interface), 'capture', `leaves: ${describeFlows([flow])}`),
          evidence(at(c, owner), 'addresses', `${flow.source} is an address of ${owner}`),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title:
              own === undefined ? `Give ${flow.interface} an address` : `Send to ${groupText(c)} from ${own.address}`,
          },
        ],
      },
    ];
  },
};
export default rule;

/** The other interface that the datagrams' source belongs to. */
function borrowed(c: Case, flow: Flow): string | undefined {
  const owners = c.ns.addresses.filter((a) => a.address === flow.source).map((a) => a.interface);
  return owners.includes(flow.interface) ? undefined : owners[0];
}
