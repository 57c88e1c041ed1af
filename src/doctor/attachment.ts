/** A pod's secondary networks: what was asked for, what the attachment says, and what the pod got. */

import type { NadFacts, PodFacts, Snapshot } from '../facts/snapshot.ts';
import { type Fact, valueIn } from '../model/fact.ts';
import {
  type NadConfig,
  NETWORKS_ANNOTATION,
  type NetworkSelection,
  type NetworkStatus,
  parseNadConfig,
  parseNetworks,
} from '../model/nad.ts';
import type { Link } from '../model/netns.ts';

export interface Attachment {
  readonly selection: NetworkSelection;
  /** The attachment object; absent when the cluster has none of that name, or when it could not be read. */
  readonly nad?: NadFacts;
  /** Its configuration, or what is wrong with it. */
  readonly config?: NadConfig | string;
  /** What the meta-plugin reported, when it attached this network. */
  readonly status?: NetworkStatus;
  /** The pod's interface, when its links could be read and it is there. */
  readonly link?: Link;
}

/** The networks that the pod's annotation asks for, each with all that is known of it. A malformed annotation gives none. */
export function attachmentsOf(snapshot: Snapshot, pod: PodFacts, links: readonly Link[]): Attachment[] {
  const selections = parseNetworks(pod.annotations[NETWORKS_ANNOTATION] ?? '', pod.namespace);
  if (typeof selections === 'string') return [];
  return selections.map((selection) => {
    const nad = findNad(snapshot.cluster.attachments, selection);
    const full = `${selection.namespace}/${selection.name}`;
    const status = pod.status?.find(
      (s) =>
        !s.default &&
        (s.name === full || s.name === selection.name) &&
        (s.interface ?? selection.interface) === selection.interface,
    );
    const link = links.find((l) => l.name === (status?.interface ?? selection.interface));
    return {
      selection,
      ...(nad === undefined ? {} : { nad, config: parseNadConfig(nad.config) }),
      ...(status === undefined ? {} : { status }),
      ...(link === undefined ? {} : { link }),
    };
  });
}

function findNad(attachments: Fact<readonly NadFacts[]>, selection: NetworkSelection): NadFacts | undefined {
  return valueIn(attachments)?.find((nad) => nad.namespace === selection.namespace && nad.name === selection.name);
}

/** The name of the pod's interface, as it is or as it was asked for. */
export function attachedAs({ link, selection }: Attachment): string {
  return link?.name ?? selection.interface;
}

/** The attachment's configuration when it is sound JSON. */
export function soundConfig(attachment: Attachment): NadConfig | undefined {
  return typeof attachment.config === 'object' ? attachment.config : undefined;
}
