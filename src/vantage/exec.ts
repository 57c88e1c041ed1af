/** The target's own container as a vantage: the agent runs there with what the image has. */
import type { Cluster } from '../cluster/cluster.ts';
import { AgentNotStarted, runAgent, type StartCommand } from './run-agent.ts';
import { runCapture } from './run-capture.ts';
import type { Vantage } from './vantage.ts';

/** One container of one pod. */
export interface ContainerPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/**
 * Exec into a pod. The first of `containers` that has any runtime is used, from then on for every job; all share the pod's
 * network namespace. Nothing is created.
 */
export function execVantage(cluster: Cluster, namespace: string, pod: string, containers: readonly string[]): Vantage {
  let chosen: string | undefined;
  /** Runs it in the first container where an agent starts. */
  const attempt = async <T>(run: (start: StartCommand) => Promise<T>, candidates: readonly string[]): Promise<T> => {
    const reasons: string[] = [];
    for (const container of candidates) {
      try {
        const end = await run(startInContainer(cluster, { namespace, pod, container }));
        chosen = container;
        return end;
      } catch (error) {
        if (!(error instanceof AgentNotStarted) || !error.noRuntime) throw error;
        reasons.push(`container ${container}: ${error.message}`);
      }
    }
    throw new AgentNotStarted(reasons.join('; ') || `pod ${namespace}/${pod} has no running container`, true);
  };
  return {
    kind: 'exec',
    get description() {
      return `exec into pod ${namespace}/${pod}${chosen === undefined ? '' : `, container ${chosen}`}`;
    },
    run: (job, onMessage, signal, control) =>
      attempt(
        (start) => runAgent(start, job, 'container', onMessage, signal, control),
        chosen === undefined ? containers : [chosen],
      ),
    // What observes need not be able to capture: another container may.
    capture: (job, taker, signal) => attempt((start) => runCapture(start, job, 'container', taker, signal), containers),
    close: () => Promise.resolve(),
  };
}

/** Runs agents by exec in a container. */
export function startInContainer(cluster: Cluster, place: ContainerPlace): StartCommand {
  return (command) => cluster.exec({ ...place, ...command });
}
