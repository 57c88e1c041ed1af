import type { ContainerFacts } from '../../facts/snapshot.ts';
import { kubectl } from '../../plan/shell.ts';
import type { Case } from '../case.ts';
import { foreignHolder } from '../port-holder.ts';
import type { Rule } from '../rule.ts';
import { idleContainers } from '../running.ts';
import { evidence, listing } from '../say.ts';

const rule: Rule = {
  id: 'container-not-running',
  title: 'The application runs',
  stage: 'socket',
  severity: 'error',
  needs: ['pod', 'podStatus'],
  skip: (c) => (c.target.kind === 'pod' ? undefined : 'the target is no pod'),
  check: (c) => {
    const idle = idleContainers(c);
    const pod = c.pod;
    if (idle.length === 0 || pod === undefined) return [];
    const all = idle.length === pod.containers.length;
    const because = listing(idle.map((x) => `${x.name} (${reasonOf(x)})`));
    return [
      {
        // A port that somebody else holds is why the program ends. Beside a container that runs, the one that does not is the application when nobody is a member.
        severity:
          foreignHolder(c) === undefined && (all || (c.memberships.length === 0 && c.departures.length === 0))
            ? 'error'
            : 'warning',
        summary: all ? `no container of ${c.target.name} runs: ${because}` : `container ${because} does not run`,
        detail:
          'A program that does not run joins nothing and reads nothing; whatever the network does is of no account until it runs.',
        advice: adviceFor(idle[0]),
        evidence: [
          ...idle
            .slice(0, 3)
            .map((x) =>
              evidence(
                `${c.target.name} ${x.name}`,
                'status.containerStatuses',
                `${x.state}, ${reasonOf(x)}, ${x.restarts} restart${x.restarts === 1 ? '' : 's'}`,
              ),
            ),
          ...newestTrouble(c),
        ],
        fixes: [{ kind: 'advice', on: 'application', title: `${adviceFor(idle[0])} See ${logs(c, idle[0])}` }],
      },
    ];
  },
};
export default rule;

function reasonOf(container: ContainerFacts): string {
  return container.reason ?? container.state;
}

function adviceFor(container: ContainerFacts | undefined): string {
  const reason = container?.reason ?? '';
  if (/image/i.test(reason)) return 'Correct the image’s name, or give the pod the secret that its registry asks for.';
  if (/CreateContainer|RunContainer|Config/.test(reason))
    return 'Correct what the container refers to: a ConfigMap, a Secret, a volume, its command.';
  if (reason === 'OOMKilled') return 'Give the container more memory.';
  if (reason === 'Completed') return 'The program ended by itself: start it anew, or let it run on.';
  if (reason === 'PodInitializing') return 'The pod waits for its init containers: see which of them does not end.';
  return 'Find out why the program ends.';
}

function logs(c: Case, container: ContainerFacts | undefined): string {
  const { namespace = '', name = '' } = c.pod ?? {};
  return (container?.restarts ?? 0) > 0
    ? kubectl(namespace, 'logs', name, '-c', container?.name ?? '', '--previous')
    : kubectl(namespace, 'describe', 'pod', name);
}

function newestTrouble(c: Case) {
  const events = c.pod !== undefined && 'value' in c.pod.events ? c.pod.events.value : [];
  const event = events.find((e) => /^(Failed|BackOff|Unhealthy|ErrImage|InspectFailed)/.test(e.reason));
  return event === undefined ? [] : [evidence(c.target.name, `event ${event.reason}`, event.message)];
}
