/** Questions to the API server that store nothing: who am I, what may I (authentication.k8s.io/v1, authorization.k8s.io/v1). */
import type { IncomingMessage } from 'node:http';
import { isPart, type Part } from '../store/defaults/fill.ts';
import { authorize } from './auth/authorize.ts';
import { rulesOf } from './auth/rules.ts';
import { MASTERS, type User } from './auth/user.ts';
import type { Context } from './call.ts';
import { type Answer, created } from './http/answer.ts';
import { mediaType, parseBody, readBody } from './http/body.ts';

export interface ReviewResource {
  readonly kind: string;
  readonly apiVersion: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

const AUTHORIZATION = 'authorization.k8s.io/v1';
const AUTHENTICATION = 'authentication.k8s.io/v1';

export const REVIEWS: readonly ReviewResource[] = [
  { kind: 'SelfSubjectReview', apiVersion: AUTHENTICATION, plural: 'selfsubjectreviews', namespaced: false },
  { kind: 'TokenReview', apiVersion: AUTHENTICATION, plural: 'tokenreviews', namespaced: false },
  { kind: 'SelfSubjectAccessReview', apiVersion: AUTHORIZATION, plural: 'selfsubjectaccessreviews', namespaced: false },
  { kind: 'SelfSubjectRulesReview', apiVersion: AUTHORIZATION, plural: 'selfsubjectrulesreviews', namespaced: false },
  { kind: 'SubjectAccessReview', apiVersion: AUTHORIZATION, plural: 'subjectaccessreviews', namespaced: false },
  {
    kind: 'LocalSubjectAccessReview',
    apiVersion: AUTHORIZATION,
    plural: 'localsubjectaccessreviews',
    namespaced: true,
  },
];

export async function review(
  context: Context,
  request: IncomingMessage,
  user: User,
  resource: ReviewResource,
): Promise<Answer> {
  const body = parseBody(await readBody(request), mediaType(request), resource.kind);
  const spec: Part = isPart(body) && isPart(body.spec) ? body.spec : {};
  const { kind, apiVersion } = resource;
  const metadata = { creationTimestamp: null };
  return created({ kind, apiVersion, metadata, spec, status: statusOf(context, user, kind, spec) });
}

function statusOf(context: Context, user: User, kind: string, spec: Part): object {
  switch (kind) {
    case 'SelfSubjectReview':
      return { userInfo: user };
    case 'TokenReview': {
      const found = context.tokens.check(String(spec.token ?? ''));
      return found === undefined
        ? { authenticated: false, error: 'invalid bearer token' }
        : { authenticated: true, user: found };
    }
    case 'SelfSubjectRulesReview':
      return rules(context, user, String(spec.namespace ?? ''));
    case 'SelfSubjectAccessReview':
      return access(context, user, spec);
    default:
      return access(
        context,
        { username: String(spec.user ?? ''), groups: Array.isArray(spec.groups) ? spec.groups : [] },
        spec,
      );
  }
}

function access({ store }: Context, user: User, { resourceAttributes, nonResourceAttributes }: Part): object {
  const attributes = isPart(resourceAttributes)
    ? {
        verb: String(resourceAttributes.verb ?? ''),
        group: String(resourceAttributes.group ?? ''),
        resource: String(resourceAttributes.resource ?? ''),
        subresource: resourceAttributes.subresource || undefined,
        namespace: resourceAttributes.namespace || undefined,
        name: resourceAttributes.name || undefined,
      }
    : { verb: String(nonResourceAttributes?.verb ?? ''), path: String(nonResourceAttributes?.path ?? '') };
  const { allowed, reason } = authorize(store, user, attributes);
  return { allowed, ...(reason === '' ? {} : { reason }) };
}

/** What `kubectl auth can-i --list` shows. */
function rules({ store }: Context, user: User, namespace: string): object {
  const all = rulesOf(store, user, namespace).rules.map((rule) => ({ ...rule }));
  if (user.groups.includes(MASTERS)) {
    all.push({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, { verbs: ['*'], nonResourceURLs: ['*'] });
  }
  return {
    resourceRules: all.filter(({ resources }) => resources !== undefined),
    nonResourceRules: all.filter(({ nonResourceURLs }) => nonResourceURLs !== undefined),
    incomplete: false,
  };
}
