/** Field selectors: `status.phase!=Running,spec.nodeName=node1` (apimachinery/pkg/fields). */
import type { KubeObject } from '../../object.ts';
import { badRequest } from '../../store/errors.ts';
import type { Resource } from '../../store/resources.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly value: string;
  readonly equal: boolean;
}

const EVENT_OBJECT = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

/** What can be selected by, beside metadata.name and metadata.namespace. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  events: [
    ...EVENT_OBJECT.map((field) => `involvedObject.${field}`),
    ...EVENT_OBJECT.map((field) => `regarding.${field}`),
    'reason',
    'reportingComponent',
    'reportingController',
    'source',
    'type',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  jobs: ['status.successful'],
  replicasets: ['status.replicas'],
  replicationcontrollers: ['status.replicas'],
};

/** Throws StatusError 400 for what cannot be parsed, or fields that the resource cannot be selected by. */
export function parseFieldSelector(text: string, resource: Resource): FieldRequirement[] {
  const parts = text.split(/(?<!\\),/).filter((part) => part !== '');
  return parts.map((part) => {
    const [, field, operator, value] = /^(.*?)(!=|==|=)(.*)$/.exec(part) ?? [];
    if (field === undefined || value === undefined) {
      throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
    }
    if (!selectable(resource, field)) throw badRequest(`field label not supported: ${field}`);
    return { field, value: value.replace(/\\(.)/g, '$1'), equal: operator !== '!=' };
  });
}

export function meetsFields(object: KubeObject, requirements: readonly FieldRequirement[]): boolean {
  return requirements.every(({ field, value, equal }) => (fieldOf(object, field) === value) === equal);
}

function selectable({ plural, custom }: Resource, field: string): boolean {
  if (field === 'metadata.name' || field === 'metadata.namespace') return true;
  return !custom && (FIELDS[plural]?.includes(field) ?? false);
}

function fieldOf(object: KubeObject, field: string): string {
  if (field === 'source') return String(object.source?.component || object.reportingComponent || '');
  let at: unknown = object;
  for (const name of aliasOf(field).split('.')) {
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined;
  }
  if (at === undefined || at === null) return EMPTY[field] ?? '';
  return Array.isArray(at) ? String(at[0]?.ip ?? '') : String(at);
}

/** Events are kept as v1 has them. */
function aliasOf(field: string): string {
  return field.replace(/^regarding\./, 'involvedObject.').replace(/^reportingController$/, 'reportingComponent');
}

/** What an absent field counts as, where it is not text. */
const EMPTY: Readonly<Record<string, string>> = {
  'spec.unschedulable': 'false',
  'spec.hostNetwork': 'false',
  'status.successful': '0',
  'status.replicas': '0',
};
