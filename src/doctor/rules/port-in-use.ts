import { foreignHolder } from '../port-holder.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText } from '../say.ts';
import { describeSocket } from '../sockets.ts';

const rule: Rule = {
  id: 'port-in-use',
  title: 'The port of the stream is free for the application',
  stage: 'socket',
  severity: 'error',
  needs: ['pod', 'sockets'],
  skip: (c) =>
    !c.onHost
      ? 'the pod has its ports for itself'
      : c.ports.length === 0
        ? 'no port is known: none was seen and none was named'
        : undefined,
  check: (c) => {
    const holder = foreignHolder(c);
    if (holder === undefined) return [];
    const crashing = (c.pod?.containers ?? []).filter((x) => x.state !== 'running');
    return [
      {
        summary: `port ${holder.localPort} of ${c.target.node} is taken, and ${c.pod?.name} keeps crashing`,
        detail:
          'With hostNetwork all pods and services of a node share one set of ports. Binding a taken one fails with EADDRINUSE, unless every socket on it sets SO_REUSEADDR (or SO_REUSEPORT); then each gets its own copy of the group.',
        advice: 'Let both applications set SO_REUSEADDR, stop the other one, or use another port.',
        evidence: [
          evidence(
            at(c),
            holder.family === 4 ? '/proc/net/udp' : '/proc/net/udp6',
            `bound to ${describeSocket(holder)}`,
          ),
          ...crashing
            .slice(0, 2)
            .map((x) =>
              evidence(c.target.name, `container ${x.name}`, `${x.reason ?? x.state}, restarted ${x.restarts} times`),
            ),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title: `Share port ${holder.localPort} for ${groupText(c)}: SO_REUSEADDR on every socket (${describeSocket(holder)} holds it), or another port`,
          },
        ],
      },
    ];
  },
};
export default rule;
