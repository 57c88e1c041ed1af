import type { EventFacts } from '../../facts/snapshot.ts';
import { valueIn } from '../../model/fact.ts';
import { kubectl } from '../../plan/shell.ts';
import type { Case } from '../case.ts';
import { missing } from '../needs.ts';
import type { Rule } from '../rule.ts';
import { evidence } from '../say.ts';
import annotationInvalid from './annotation-invalid.ts';
import dhcpDaemonMissing from './dhcp-daemon-missing.ts';
import ipamExhausted from './ipam-exhausted.ts';
import nadInvalidJson from './nad-invalid-json.ts';
import nadNamespaceIsolation from './nad-namespace-isolation.ts';
import nadNotFound from './nad-not-found.ts';
import nadParentMissing from './nad-parent-missing.ts';
import nadPluginMissing from './nad-plugin-missing.ts';
import nadRouteWithoutPrefix from './nad-route-without-prefix.ts';
import nadValueRefused from './nad-value-refused.ts';
import sysctlNotPermitted from './sysctl-not-permitted.ts';

/** Rules that name a reason why a pod does not start. */
const NAMED = [
  annotationInvalid,
  dhcpDaemonMissing,
  ipamExhausted,
  nadInvalidJson,
  nadNamespaceIsolation,
  nadNotFound,
  nadParentMissing,
  nadPluginMissing,
  nadRouteWithoutPrefix,
  nadValueRefused,
  sysctlNotPermitted,
];
const TROUBLE = /^(Failed|BackOff|NetworkNotReady|Evicted|Preempt|NodeNotReady|UnexpectedAdmission|OutOf)/;
/** Milliseconds that a pod may take to start before it is called a fault. */
const PATIENCE = 60_000;

const rule: Rule = {
  id: 'pod-not-started',
  title: 'The pod has started',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'podStatus'],
  skip: (c) => (c.target.kind === 'pod' ? undefined : 'the target is no pod'),
  check: (c) => {
    const pod = c.pod;
    if (pod?.phase !== 'Pending' || pod.podIPs.length > 0 || named(c)) return [];
    const event = newestTrouble(c);
    const age = Date.parse(c.snapshot.time) - Date.parse(pod.created);
    const scheduled = pod.node !== undefined;
    return [
      {
        severity: event === undefined && age < PATIENCE ? 'warning' : 'error',
        summary: scheduled
          ? `${c.target.name} has not started on ${pod.node}`
          : `${c.target.name} has no node to run on`,
        detail: `${scheduled ? 'Its networks were not made yet' : 'The scheduler found no node for it'}, so there is nothing that could join or receive.${event === undefined ? '' : ` The last event says: ${event.message}`}`,
        advice: scheduled
          ? 'Mend what the event names; the kubelet tries again by itself.'
          : 'Mend what the event names: resources, node selectors, taints, volumes.',
        evidence: [
          evidence(
            c.target.name,
            'status.phase',
            `Pending since ${pod.created}, no address${scheduled ? '' : ', on no node'}`,
          ),
          ...(event === undefined
            ? []
            : [
                evidence(
                  c.target.name,
                  `event ${event.reason}`,
                  `${event.message} (${event.count} time${event.count === 1 ? '' : 's'})`,
                ),
              ]),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'cluster',
            title: `Let pod ${pod.name} start: ${event?.message ?? `see ${kubectl(pod.namespace, 'describe', 'pod', pod.name)}`}`,
          },
        ],
      },
    ];
  },
};
export default rule;

function named(c: Case): boolean {
  return NAMED.some(
    (rule) => rule.skip?.(c) === undefined && missing(c, rule.needs) === undefined && rule.check(c).length > 0,
  );
}

/** The newest event that tells of trouble. */
function newestTrouble(c: Case): EventFacts | undefined {
  const events = c.pod === undefined ? [] : (valueIn(c.pod.events) ?? []);
  return events.find((event) => TROUBLE.test(event.reason));
}
