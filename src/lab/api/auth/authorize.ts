import type { Store } from '../../store.ts';
import { type PolicyRule, rulesOf } from './rules.ts';
import { MASTERS, type User } from './user.ts';

/** What is asked for, of a resource. */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Or of a path: `/version`, with the verb `get`. */
export interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Why not, where a binding is broken. */
  readonly reason: string;
}

/** Whether the user may (RBAC). */
export function authorize(store: Store, user: User, attributes: ResourceAttributes | PathAttributes): Decision {
  if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
  const namespace = 'path' in attributes ? undefined : attributes.namespace;
  const { rules, missing } = rulesOf(store, user, namespace);
  const allowed = rules.some((rule) =>
    'path' in attributes ? allowsPath(rule, attributes) : allowsResource(rule, attributes),
  );
  return { allowed, reason: allowed || missing.length === 0 ? '' : `RBAC: ${list(missing)}` };
}

/** `pods is forbidden: User "u" cannot list resource "pods" in API group "" in the namespace "ns"`, from `User` on. */
export function refusal(user: User, attributes: ResourceAttributes | PathAttributes, reason: string): string {
  const who = `User ${JSON.stringify(user.username)} cannot ${attributes.verb}`;
  const why = reason === '' ? '' : `: ${reason}`;
  if ('path' in attributes) return `${who} path ${JSON.stringify(attributes.path)}${why}`;
  const { resource, subresource, group, namespace } = attributes;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return `${who} resource "${what}" in API group "${group}" ${where}${why}`;
}

function allowsResource(rule: PolicyRule, { verb, group, resource, subresource, name }: ResourceAttributes): boolean {
  const wanted = subresource === undefined ? resource : `${resource}/${subresource}`;
  return (
    has(rule.verbs, verb) &&
    has(rule.apiGroups, group) &&
    (has(rule.resources, wanted) || (subresource !== undefined && has(rule.resources, `*/${subresource}`))) &&
    ((rule.resourceNames ?? []).length === 0 || (name !== undefined && rule.resourceNames!.includes(name)))
  );
}

function allowsPath(rule: PolicyRule, { verb, path }: PathAttributes): boolean {
  const paths = rule.nonResourceURLs ?? [];
  return (
    has(rule.verbs, verb) &&
    paths.some((pattern) => pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1))))
  );
}

function has(list: readonly string[] | undefined, word: string): boolean {
  return Array.isArray(list) && (list.includes(word) || list.includes('*'));
}

function list(errors: readonly string[]): string {
  const different = [...new Set(errors)];
  return different.length === 1 ? different[0]! : `[${different.join(', ')}]`;
}
