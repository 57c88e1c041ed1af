/** The status of a pod from those of its containers (pkg/kubelet/kubelet_pods.go and status/generate.go). Pure. */
import { type ContainerStatus, isRunning, lastEnd } from './container-status.ts';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly lastProbeTime: null;
  readonly lastTransitionTime: string;
  readonly reason?: string;
  readonly message?: string;
}

/** What the status is made of. */
export interface PodFacts {
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never';
  readonly init: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
  readonly ephemeral: readonly ContainerStatus[];
  readonly sandbox: boolean;
  readonly initialized: boolean;
  /** Nothing is started any more, and nothing runs. */
  readonly over: boolean;
  readonly addresses: readonly string[];
  readonly hostIP: string;
  readonly startTime: string;
  /** A pod that ended for a reason of its own: DeadlineExceeded … */
  readonly failed?: { readonly reason: string; readonly message: string };
}

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** `before`: the conditions so far, whose times stay where nothing changes. */
export function podStatus(facts: PodFacts, before: readonly Condition[], time: string) {
  const phase = phaseOf(facts);
  const conditions = conditionsOf(facts, phase).map((condition): Condition => {
    const old = before.find(({ type }) => type === condition.type);
    const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : time;
    return { ...condition, lastProbeTime: null, lastTransitionTime };
  });
  return {
    phase,
    ...facts.failed,
    conditions,
    hostIP: facts.hostIP,
    hostIPs: [{ ip: facts.hostIP }],
    ...(facts.addresses.length > 0 && {
      podIP: facts.addresses[0],
      podIPs: facts.addresses.map((ip) => ({ ip })),
    }),
    startTime: facts.startTime,
    ...(facts.init.length > 0 && { initContainerStatuses: facts.init }),
    containerStatuses: facts.containers,
    ...(facts.ephemeral.length > 0 && { ephemeralContainerStatuses: facts.ephemeral }),
  };
}

export function phaseOf({ restartPolicy, init, containers, initialized, over, failed }: PodFacts): Phase {
  if (failed) return 'Failed';
  if (!initialized) {
    const broken = init.some((status) => 'terminated' in status.state && status.state.terminated.exitCode !== 0);
    return broken && restartPolicy === 'Never' ? 'Failed' : 'Pending';
  }
  const running = containers.filter(isRunning);
  const ended = containers.filter((status) => !isRunning(status) && lastEnd(status) !== undefined);
  if (running.length + ended.length < containers.length) return 'Pending';
  // Whatever the policy says (KEP-3329): who watches a pod that is removed sees how it ended.
  if (over)
    return ended.every(({ state }) => 'terminated' in state && state.terminated.exitCode === 0)
      ? 'Succeeded'
      : 'Failed';
  if (running.length > 0 || restartPolicy === 'Always') return 'Running';
  if (ended.some((status) => 'waiting' in status.state)) return 'Running';
  if (ended.every((status) => lastEnd(status)?.exitCode === 0)) return 'Succeeded';
  return restartPolicy === 'Never' ? 'Failed' : 'Running';
}

type PlainCondition = Omit<Condition, 'lastProbeTime' | 'lastTransitionTime'>;

function conditionsOf({ init, containers, sandbox, initialized }: PodFacts, phase: Phase): PlainCondition[] {
  const condition = (type: string, holds: boolean, reason?: string, message?: string): PlainCondition => ({
    type,
    status: holds ? 'True' : 'False',
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
  });
  const names = (kind: string, statuses: readonly ContainerStatus[]) =>
    `containers with ${kind} status: [${statuses.map(({ name }) => name).join(' ')}]`;
  const completed = phase === 'Succeeded' ? 'PodCompleted' : undefined;
  const open = init.filter((status) => !status.ready);
  const unready = containers.filter((status) => !status.ready);
  const over = phase === 'Failed' ? 'PodFailed' : completed;
  const ready = (type: string) =>
    over !== undefined
      ? condition(type, false, over)
      : unready.length > 0
        ? condition(type, false, 'ContainersNotReady', names('unready', unready))
        : condition(type, true);
  return [
    condition('PodReadyToStartContainers', sandbox),
    initialized
      ? condition('Initialized', true, completed)
      : condition('Initialized', false, 'ContainersNotInitialized', names('incomplete', open)),
    ready('Ready'),
    ready('ContainersReady'),
    condition('PodScheduled', true),
  ];
}
