/** Startup, readiness and liveness of a running container (pkg/kubelet/prober). */
import type { ContainerKeeper } from './container-keeper.ts';
import type { PodContext } from './context.ts';
import { probeOnce } from './probe-once.ts';
import type { CreatedContainer } from './start-container.ts';
import type { PodSpec, Probe } from './types.ts';
import { wait } from './wait.ts';

type Kind = 'Startup' | 'Readiness' | 'Liveness';

/** Begins to probe; ends with the returned controller. Changes the keeper's status, and restarts what is not alive. */
export function watchProbes(
  context: PodContext,
  keeper: ContainerKeeper,
  created: CreatedContainer,
  changed: () => void,
): AbortController {
  const control = new AbortController();
  const { startupProbe, readinessProbe, livenessProbe } = keeper.spec;
  const run = async (kind: Kind, probe: Probe | undefined, act: (sound: boolean) => boolean | undefined) => {
    if (probe !== undefined) await repeat(context, keeper, created, kind, probe, control.signal, act);
  };
  const restart = (kind: string) => {
    const why = `Container ${keeper.spec.name} failed ${kind} probe, will be restarted`;
    const grace = ((context.pod().spec as PodSpec).terminationGracePeriodSeconds ?? 30) * 1000;
    void keeper.stop(grace, new AbortController().signal, why);
    return true;
  };
  void (async () => {
    await run('Startup', startupProbe, (sound) => {
      if (!sound) return restart('startup');
      keeper.status.started = true;
      keeper.status.ready = readinessProbe === undefined;
      changed();
      return true;
    });
    if (control.signal.aborted) return;
    void run('Readiness', readinessProbe, (sound) => {
      if (keeper.status.ready !== sound) {
        keeper.status.ready = sound;
        changed();
      }
      return false;
    });
    void run('Liveness', livenessProbe, (sound) => (sound ? false : restart('liveness')));
  })();
  return control;
}

/** `act` is told each time a threshold was reached; true ends it. */
async function repeat(
  context: PodContext,
  keeper: ContainerKeeper,
  created: CreatedContainer,
  kind: Kind,
  probe: Probe,
  signal: AbortSignal,
  act: (sound: boolean) => boolean | undefined,
): Promise<void> {
  const { initialDelaySeconds = 0, periodSeconds = 10, successThreshold = 1, failureThreshold = 3 } = probe;
  await wait(initialDelaySeconds * 1000, signal);
  let last: boolean | undefined;
  let times = 0;
  while (!signal.aborted) {
    const failure = await probeOnce(context, keeper.spec, created, probe);
    if (signal.aborted) return;
    const sound = failure === undefined;
    times = sound === last ? times + 1 : 1;
    last = sound;
    if (!sound) context.kubelet.event(context.pod(), 'Warning', 'Unhealthy', `${kind} probe failed: ${failure}`);
    if (times >= (sound ? successThreshold : failureThreshold) && act(sound)) return;
    await wait(periodSeconds * 1000, signal);
  }
}
