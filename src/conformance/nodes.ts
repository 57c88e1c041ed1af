/** On which nodes the pods are put. */
import type { NodeObject } from '../facts/api/nodes.ts';

export interface SchedulableNode extends NodeObject {
  readonly spec?: NonNullable<NodeObject['spec']> & {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly effect: string }[];
  };
}

/** Two nodes tell what is to be told. */
const ENOUGH = 2;

/** Two nodes that are ready and run Linux; such that take pods of everybody come first. */
export function chooseNodes(nodes: readonly SchedulableNode[]): string[] {
  const fit = nodes.filter(
    (node) => isReady(node) && (node.metadata.labels?.['kubernetes.io/os'] ?? 'linux') === 'linux',
  );
  return [...fit.filter(isOpen), ...fit.filter((node) => !isOpen(node))]
    .slice(0, ENOUGH)
    .map(({ metadata }) => metadata.name);
}

function isReady({ status }: NodeObject): boolean {
  return (status?.conditions ?? []).some((one) => one.type === 'Ready' && one.status === 'True');
}

function isOpen({ spec }: SchedulableNode): boolean {
  return spec?.unschedulable !== true && !(spec?.taints ?? []).some(({ effect }) => effect !== 'PreferNoSchedule');
}
