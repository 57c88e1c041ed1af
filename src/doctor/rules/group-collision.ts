import { askedSource } from '../asked-source.ts';
import { unique } from '../case.ts';
import { filtersOf } from '../membership.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText, listing } from '../say.ts';
import { notReceiving } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'group-collision',
  title: 'Nobody but the source asked about sends to the group',
  stage: 'group',
  severity: 'warning',
  needs: ['look'],
  skip: (c) =>
    notReceiving(c) ?? (askedSource(c) === undefined ? 'no source was named, so none is foreign' : undefined),
  check: (c) => {
    const own = new Set(c.ns.addresses.map((a) => a.address));
    const foreign = c.arrivals.filter(
      (f) =>
        f.source !== askedSource(c) &&
        !own.has(f.source) &&
        (c.group.port === undefined || f.destinationPort === c.group.port),
    );
    // A source-specific member does not get them.
    if (foreign.length === 0 || filtersOf(c).some((f) => f.include > 0 && f.source === askedSource(c))) return [];
    const sources = unique(foreign.map((f) => f.source));
    return [
      {
        summary: `${listing(sources.slice(0, 4))} ${sources.length === 1 ? 'sends' : 'send'} to ${groupText(c)} too`,
        detail: `A socket that joined for any source gets the datagrams of all of them, mixed with those of ${askedSource(c)}: garbled streams, foreign peers, load.`,
        advice: `Give each application a group of its own, or join with the source (IP_ADD_SOURCE_MEMBERSHIP ${askedSource(c)}).`,
        evidence: unique(foreign.map((f) => f.interface)).map((name) =>
          evidence(at(c, name), 'capture', describeFlows(foreign.filter((f) => f.interface === name))),
        ),
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title: `Keep other senders off ${groupText(c)}, or let the receiver join with the source ${askedSource(c)}`,
          },
        ],
      },
    ];
  },
};
export default rule;
