/** The row of a pod (kubernetes/pkg/printers/internalversion, printPod). */
import type { KubeObject } from '../../object.ts';
import { each, type Part } from '../../store/defaults/fill.ts';
import { columns, type TableKind } from './columns.ts';
import { since } from './duration.ts';
import { NONE } from './text.ts';

export const podTable: TableKind = {
  columns: columns('Name|Ready|Status|Restarts|Age||IP|Node|Nominated Node|Readiness Gates'),
  cells: (pod, now) => {
    const { metadata, spec, status } = pod;
    const { ready, total, reason, restarts, restarted } = podState(pod);
    const ago = restarts > 0 && restarted > 0 ? ` (${since(new Date(restarted).toISOString(), now)} ago)` : '';
    return [
      metadata.name,
      `${ready}/${total}`,
      reason,
      `${restarts}${ago}`,
      since(metadata.creationTimestamp, now),
      status?.podIP || status?.podIPs?.[0]?.ip || NONE,
      spec?.nodeName || NONE,
      status?.nominatedNodeName || NONE,
      gates(spec, status),
    ];
  },
};

interface State {
  readonly ready: number;
  readonly total: number;
  readonly reason: string;
  readonly restarts: number;
  /** When the last restart was, in milliseconds since 1970; 0 for never. */
  readonly restarted: number;
}

function podState(pod: KubeObject): State {
  const { metadata, spec, status } = pod;
  const sidecars = new Set(
    each(spec?.initContainers).flatMap(({ name, restartPolicy }) => (restartPolicy === 'Always' ? [name] : [])),
  );
  const initial = initState(pod, sidecars);
  const isInitialized = each(status?.conditions).some(
    ({ type, status: is }) => type === 'Initialized' && is === 'True',
  );
  const main = initial.reason === undefined || isInitialized ? mainState(pod) : undefined;
  let reason = main?.reason ?? initial.reason ?? (status?.reason || status?.phase || '');
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (metadata.deletionTimestamp !== undefined && status?.reason === 'NodeLost') reason = 'Unknown';
  else if (metadata.deletionTimestamp !== undefined && !ended) reason = 'Terminating';
  const counted = main === undefined ? initial.all : [...initial.sidecars, ...each(status?.containerStatuses)];
  return {
    ready: initial.ready + (main?.ready ?? 0),
    total: each(spec?.containers).length + sidecars.size,
    reason,
    restarts: counted.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0),
    restarted: Math.max(0, ...counted.map(({ lastState }) => Date.parse(lastState?.terminated?.finishedAt) || 0)),
  };
}

/** Of the init containers up to the first that is not done: `reason` is absent when all are. */
function initState({ spec, status }: KubeObject, sidecars: ReadonlySet<string>) {
  const all: Part[] = [];
  const own: Part[] = [];
  let ready = 0;
  for (const [at, container] of each(status?.initContainerStatuses).entries()) {
    all.push(container);
    const { state } = container;
    const sidecar = sidecars.has(container.name);
    if (sidecar) own.push(container);
    if (state?.terminated?.exitCode === 0) continue;
    if (sidecar && container.started === true) {
      if (container.ready === true) ready++;
      continue;
    }
    const waiting = state?.waiting?.reason;
    let reason = `${at}/${each(spec?.initContainers).length}`;
    if (state?.terminated !== undefined) reason = endReason(state.terminated);
    else if (waiting && waiting !== 'PodInitializing') reason = waiting;
    return { all, sidecars: own, ready, reason: `Init:${reason}` };
  }
  return { all, sidecars: own, ready, reason: undefined };
}

function mainState({ status }: KubeObject): { readonly ready: number; readonly reason: string | undefined } {
  let reason: string | undefined;
  let ready = 0;
  for (const { state, ready: isReady } of each(status?.containerStatuses).reverse()) {
    if (state?.waiting?.reason) reason = state.waiting.reason;
    else if (state?.terminated) reason = endReason(state.terminated);
    else if (isReady === true && state?.running) ready++;
  }
  if (reason === 'Completed' && ready > 0) {
    const isReady = each(status?.conditions).some(({ type, status: is }) => type === 'Ready' && is === 'True');
    reason = isReady ? 'Running' : 'NotReady';
  }
  return { ready, reason };
}

function endReason({ reason, signal, exitCode }: Part): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}

function gates(spec: Part, status: Part): string {
  const all = each(spec?.readinessGates);
  if (all.length === 0) return NONE;
  const open = all.filter(({ conditionType }) =>
    each(status?.conditions).some(({ type, status: is }) => type === conditionType && is === 'True'),
  );
  return `${open.length}/${all.length}`;
}
