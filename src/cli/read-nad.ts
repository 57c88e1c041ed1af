/** The attachment that `--nad` names. */
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import type { ExistingNad } from '../discover/nad-answer.ts';
import { parseNadConfig } from '../model/nad.ts';
import { UserError } from './exit.ts';

interface NadObject extends KubeObject {
  readonly spec?: { readonly config?: string };
}

/** @param name `NAME` in the context's namespace, or `NAMESPACE/NAME`. Throws ClusterError when there is none. */
export async function readNad(cluster: Cluster, name: string): Promise<ExistingNad> {
  const slash = name.indexOf('/');
  const namespace = slash < 0 ? cluster.namespace : name.slice(0, slash);
  const plural = `/apis/k8s.cni.cncf.io/v1/namespaces/${encodeURIComponent(namespace)}/network-attachment-definitions`;
  const { metadata, spec } = await cluster.get<NadObject>(`${plural}/${encodeURIComponent(name.slice(slash + 1))}`);
  const parsed = parseNadConfig(spec?.config ?? '');
  if (typeof parsed === 'string')
    throw new UserError(`attachment ${namespace}/${metadata.name} cannot be read: ${parsed}`, {
      hint:
        spec?.config === undefined
          ? 'its configuration is in a file on the nodes'
          : 'kmcast doctor shows how to mend it',
    });
  return {
    namespace,
    name: metadata.name,
    ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
    ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
    config: parsed,
  };
}
