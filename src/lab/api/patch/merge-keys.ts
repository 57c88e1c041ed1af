/** Which lists a strategic merge patch merges, and by what (`patchMergeKey` in the API's types). All others it replaces. */

/** Lists of maps: their key. */
const KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  hostAliases: 'ip',
  imagePullSecrets: 'name',
  resourceClaims: 'name',
  schedulingGates: 'name',
  topologySpreadConstraints: 'topologyKey',
  conditions: 'type',
  podIPs: 'ip',
  hostIPs: 'ip',
  ownerReferences: 'uid',
  secrets: 'name',
  'status.addresses': 'type',
  'spec.ports': 'port',
  'containers.ports': 'containerPort',
  'initContainers.ports': 'containerPort',
  'ephemeralContainers.ports': 'containerPort',
};

/** Lists of words that are sets. */
const SETS = new Set(['finalizers', 'podCIDRs']);

/** `parent` is the field in which the map with this list is. '' is a set of words, undefined a list that is replaced. */
export function mergeKey(parent: string, field: string): string | undefined {
  return SETS.has(field) ? '' : (KEYS[`${parent}.${field}`] ?? KEYS[field]);
}
