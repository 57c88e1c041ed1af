/** The parts of a fleet's pods that are read: which end one stands for, and why one is not ready. */
import type { KubeObject } from '../cluster/cluster.ts';
import { INDEX } from './manifest.ts';

interface Detail {
  readonly reason?: string;
  readonly message?: string;
}

interface Ended extends Detail {
  readonly exitCode?: number;
}

export interface FleetPod extends KubeObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly affinity?: {
      readonly nodeAffinity?: {
        readonly requiredDuringSchedulingIgnoredDuringExecution?: {
          readonly nodeSelectorTerms?: readonly {
            readonly matchFields?: readonly { readonly key: string; readonly values?: readonly string[] }[];
          }[];
        };
      };
    };
  };
  readonly status?: Detail & {
    readonly conditions?: readonly (Detail & { readonly type: string; readonly status: string })[];
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly state?: { readonly waiting?: Detail; readonly terminated?: Ended };
      readonly lastState?: { readonly terminated?: Ended };
    }[];
  };
}

/** The name of the end that a pod's agent stands for; of a pod that no node has taken yet, that of the one it is meant for. */
export function endOf({ metadata, spec }: FleetPod): string | undefined {
  return metadata.annotations?.[INDEX] ?? spec.nodeName ?? onlyNode(spec);
}

function onlyNode({ affinity }: FleetPod['spec']): string | undefined {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms.length === 1
    ? terms[0]?.matchFields?.find(({ key }) => key === 'metadata.name')?.values?.[0]
    : undefined;
}

export function isReady({ status }: FleetPod): boolean {
  return (status?.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

/** In the words of the kubelet or the scheduler. */
export function whyNotReady({ status }: FleetPod): string {
  const container = status?.containerStatuses?.[0];
  const unscheduled = status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status !== 'True');
  const states = [container?.state?.terminated, container?.lastState?.terminated, container?.state?.waiting];
  const said = [...states, unscheduled, status].find((one) => one?.message !== undefined || one?.reason !== undefined);
  const words = [said?.reason, said?.message].filter(Boolean).join(': ');
  return `its agent did not get ready${words === '' ? '' : ` (${words})`}`;
}
