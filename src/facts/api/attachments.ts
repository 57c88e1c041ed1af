/** NetworkAttachmentDefinitions, and whether the cluster has a meta-plugin at all. */
import { type Cluster, ClusterError, type KubeObject } from '../../cluster/cluster.ts';
import { type Fact, isKnown, known, reasonOf, unknown } from '../../model/fact.ts';
import type { MetaPluginFacts, NadFacts } from '../snapshot.ts';
import { attempt } from './attempt.ts';
import { managerOf } from './owners.ts';

const GROUP = '/apis/k8s.cni.cncf.io/v1';

interface Nad extends KubeObject {
  readonly spec?: { readonly config?: string };
}

/**
 * All attachments of the cluster, or those of the namespaces that matter when the whole may not be listed; unknown when one of these
 * may not be either, since an attachment that is not in the list would seem not to exist. A cluster without the CRD has none, which is a
 * fact and no error.
 */
export async function attachmentFacts(
  cluster: Cluster,
  namespaces: readonly string[],
): Promise<Fact<readonly NadFacts[]>> {
  const all = await attempt(listOrNone(cluster, `${GROUP}/network-attachment-definitions`));
  if (isKnown(all)) return known(all.value.map(nadFacts));
  const parts = await Promise.all(
    namespaces.map((ns) => attempt(listOrNone(cluster, `${GROUP}/namespaces/${ns}/network-attachment-definitions`))),
  );
  const readable = parts.filter(isKnown);
  const refused = parts.find((part) => !isKnown(part));
  if (readable.length === 0 || refused !== undefined) return unknown(reasonOf(refused ?? all) ?? '');
  return known(readable.flatMap((part) => part.value).map(nadFacts));
}

async function listOrNone(cluster: Cluster, path: string): Promise<Nad[]> {
  try {
    return await cluster.list<Nad>(path);
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'not-found') return [];
    throw error;
  }
}

function nadFacts(nad: Nad): NadFacts {
  const managedBy = managerOf(nad.metadata);
  return {
    namespace: nad.metadata.namespace ?? 'default',
    name: nad.metadata.name,
    config: nad.spec?.config ?? '',
    ...(nad.metadata.labels === undefined ? {} : { labels: nad.metadata.labels }),
    ...(nad.metadata.annotations === undefined ? {} : { annotations: openAnnotations(nad.metadata.annotations) }),
    ...(managedBy === undefined ? {} : { managedBy }),
  };
}

/** A changed attachment must keep its annotations; kubectl's copy of the object and what is named a secret stay where they are. */
export function openAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> {
  const hidden = /last-applied-configuration|token|secret|passw|credential|private-?key|api-?key/i;
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !hidden.test(key)));
}

interface DaemonSet extends KubeObject {
  readonly spec?: {
    readonly template?: {
      readonly spec?: { readonly containers?: readonly { readonly name: string; readonly image?: string }[] };
    };
  };
}

/** Whether a meta-plugin runs: Multus' DaemonSet under any of its names, else any pod that carries network-status. */
export function metaPluginFacts(daemonSets: Fact<readonly DaemonSet[]>, statusSeen: boolean): Fact<MetaPluginFacts> {
  if (!isKnown(daemonSets))
    return statusSeen ? known({ present: true, evidence: 'pods carry network-status annotations' }) : daemonSets;
  const found = daemonSets.value.find((ds) => /multus/.test(ds.metadata.name) || ds.metadata.labels?.app === 'multus');
  if (found !== undefined)
    return known({ present: true, evidence: `DaemonSet ${found.metadata.namespace}/${found.metadata.name}` });
  if (statusSeen) return known({ present: true, evidence: 'pods carry network-status annotations' });
  return known({ present: false, evidence: 'no DaemonSet of Multus, and no pod carries a network-status annotation' });
}
