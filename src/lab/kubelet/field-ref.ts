/** The downward API: fields of a pod by path (core/v1 ObjectFieldSelector). */
import type { KubeObject } from '../object.ts';

/** What a pod's fields come to; those that are known only later are asked of `late`. */
export interface LateFields {
  readonly hostIP: string;
  readonly podIPs: readonly string[];
}

/** Undefined for a path that is no field of the downward API. */
export function fieldOf(pod: KubeObject, path: string, late: LateFields): string | undefined {
  const { metadata, spec } = pod;
  const key = /^metadata\.(labels|annotations)\['([^']*)'\]$/.exec(path);
  if (key !== null) return (key[1] === 'labels' ? metadata.labels : metadata.annotations)?.[key[2] ?? ''] ?? '';
  switch (path) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return lines(metadata.labels);
    case 'metadata.annotations':
      return lines(metadata.annotations);
    case 'spec.nodeName':
      return spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return late.hostIP;
    case 'status.podIP':
      return late.podIPs[0] ?? '';
    case 'status.podIPs':
      return late.podIPs.join(',');
    default:
      return undefined;
  }
}

function lines(map: Readonly<Record<string, string>> = {}): string {
  return Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}
