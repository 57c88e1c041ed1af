/** From a command line to the places that are watched. */
import type { WatchPlace } from '../capture/place.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { connect } from '../cluster/connect.ts';
import { type FoundTargets, findTargets } from '../facts/api/targets.ts';
import { EXIT, UserError } from './exit.ts';
import { targetsOf } from './options.ts';
import type { WatchOptions } from './watch-options.ts';

export interface Places {
  readonly places: readonly WatchPlace[];
  /** Absent when only this machine is watched. */
  readonly cluster?: Cluster;
  readonly found?: FoundTargets;
}

const LOCAL: WatchPlace = { kind: 'local', name: 'local' };

/** This machine when nothing is named. Throws UserError or ClusterError. */
export async function findPlaces(words: readonly string[], options: WatchOptions): Promise<Places> {
  const targets = targetsOf(words);
  if (typeof targets === 'string') throw new UserError(targets, { status: EXIT.usage });
  if (targets.length > 0 && options.selector !== undefined)
    throw new UserError('give names or a selector (-l), not both', { status: EXIT.usage });
  const remote = targets.filter(({ kind }) => kind !== 'local');
  const local = remote.length < targets.length || (targets.length === 0 && options.selector === undefined);
  if (remote.length === 0 && options.selector === undefined) return { places: [LOCAL] };
  const cluster = await connect(options);
  const found = await findTargets(cluster, cluster.namespace, remote, options.selector);
  return {
    places: [
      ...(local ? [LOCAL] : []),
      ...found.nodes.map((node): WatchPlace => ({ kind: 'node', name: `node/${node}`, node })),
      ...found.pods.map(
        ({ pod, container }): WatchPlace => ({
          kind: 'pod',
          name: `pod/${pod.metadata.name}`,
          pod,
          ...(container === undefined ? {} : { container }),
        }),
      ),
    ],
    cluster,
    found,
  };
}
