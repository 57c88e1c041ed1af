/** How observation gets its vantages; the ladder in `src/vantage/` implements it. */
import type { Vantage } from '../../vantage/vantage.ts';
import type { PodObject } from '../api/pod.ts';

/** A vantage, or why there is none. */
export type Opened = { readonly vantage: Vantage } | { readonly refused: string };

export interface Access {
  /** Into a container of the pod. */
  exec(pod: PodObject, container?: string): Promise<Opened>;
  /** A pod of kmcast's on the node, which may enter every namespace there. One for each node, shared. */
  nodePod(node: string): Promise<Opened>;
  /** A container added to the pod; the last resort. */
  ephemeral(pod: PodObject): Promise<Opened>;
  /** This machine. */
  local(): Promise<Opened>;
}
