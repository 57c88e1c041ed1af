import { type Case, unique } from '../case.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText, listing } from '../say.ts';
import { notReceiving, withoutMemberOrPort } from '../skips.ts';
import { bindsGroup, candidateSockets, describeSocket, listeners } from '../sockets.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'port-mismatch',
  title: 'The application listens on the port that the stream is sent to',
  stage: 'socket',
  severity: 'error',
  needs: ['sockets'],
  skip: (c) => notReceiving(c) ?? withoutMemberOrPort(c),
  check: (c) => {
    const sent = sentTo(c);
    const others = candidateSockets(c).filter((s) => bindsGroup(c, s) && !sent.includes(s.localPort));
    const taken = sent === c.ports ? listeners(c).length > 0 : false;
    if (taken || others.length === 0 || candidateSockets(c).some((s) => sent.includes(s.localPort))) return [];
    return [
      {
        summary: `the stream goes to port ${listing(sent)}; the application listens on ${listing(others.map((s) => s.localPort))}`,
        detail:
          'The group is joined, but no socket is bound to the port of the datagrams: the kernel drops them (Udp.IgnoredMulti counts them).',
        advice: `Let the application bind to port ${listing(sent)}, or the sender use ${listing(others.map((s) => s.localPort))}.`,
        evidence: [
          ...others
            .slice(0, 4)
            .map((s) =>
              evidence(at(c), s.family === 4 ? '/proc/net/udp' : '/proc/net/udp6', `bound to ${describeSocket(s)}`),
            ),
          ...(c.arrivals.length > 0
            ? [evidence(at(c, c.arrivals[0]!.interface), 'capture', describeFlows(c.arrivals))]
            : []),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title: `Make sender and receiver of ${groupText(c)} use one port: sent to ${listing(sent)}, listened on ${listing(others.map((s) => s.localPort))}`,
          },
        ],
      },
    ];
  },
};
export default rule;

/** The port that was asked about, unless what comes goes to others alone. */
function sentTo(c: Case): readonly number[] {
  const seen = unique(c.arrivals.flatMap((f) => f.destinationPort ?? []));
  return seen.length === 0 || seen.some((port) => c.ports.includes(port)) ? c.ports : seen;
}
