/** Between what is stored and what a version of the API shows. */
import type { KubeObject } from '../object.ts';
import { apiVersionOf, type Resource } from '../store/resources.ts';

/** Events: core/v1 names, and those of events.k8s.io/v1. */
const EVENT_FIELDS = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
] as const;

/** With `kind` and `apiVersion` in front, as all answers have them. */
export function shown(resource: Resource, stored: KubeObject): KubeObject {
  const { kind: _, apiVersion: __, metadata, ...rest } = stored;
  const object = { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata, ...rest };
  if (resource.group === 'events.k8s.io') renameFields(object, 0, 1);
  return object;
}

export function toStored(resource: Resource, object: KubeObject): KubeObject {
  if (resource.group !== 'events.k8s.io') return object;
  const stored = { ...object, apiVersion: 'v1' };
  renameFields(stored, 1, 0);
  return stored;
}

function renameFields(object: KubeObject, from: 0 | 1, to: 0 | 1): void {
  for (const names of EVENT_FIELDS) {
    const value = object[names[from]];
    if (value === undefined) continue;
    object[names[to]] = value;
    delete object[names[from]];
  }
}
