/** What a new cluster has before anybody makes anything: roles, the API server's own service, the kind of multi-network attachments. */
import { attachmentDefinition } from '../nad-definition.ts';
import type { NewObject } from '../object.ts';
import type { Store } from '../store.ts';
import { AUTHENTICATED, MASTERS } from './auth/user.ts';
import { PUBLIC_PATHS } from './path-routes.ts';
import { DEFINITIONS } from './resource-index.ts';
import { USER_ROLES } from './user-roles.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** Makes what is not there yet. `port`: where the API server listens. */
export function seed(store: Store, port: number): void {
  const make = (resource: string, object: NewObject) => {
    const { namespace, name = '' } = object.metadata;
    if (store.get(resource, namespace, name) === undefined) store.create(resource, object);
  };
  for (const role of [...SYSTEM_ROLES, ...USER_ROLES]) make(`clusterroles.${RBAC}`, role);
  make(`clusterrolebindings.${RBAC}`, binding('cluster-admin', MASTERS));
  for (const name of ['system:basic-user', 'system:discovery', 'system:public-info-viewer']) {
    make(`clusterrolebindings.${RBAC}`, binding(name, AUTHENTICATED));
  }
  make('services', {
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: port }] },
  });
  make(DEFINITIONS, attachmentDefinition());
}

function role(name: string, rules: object[]): NewObject {
  return { metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } }, rules };
}

function binding(name: string, group: string): NewObject {
  return {
    metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
    subjects: [{ apiGroup: RBAC, kind: 'Group', name: group }],
  };
}

const ASK_FOR_ONESELF = ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'];

const SYSTEM_ROLES: readonly NewObject[] = [
  role('cluster-admin', [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ]),
  role('system:basic-user', [
    { apiGroups: ['authorization.k8s.io'], resources: ASK_FOR_ONESELF, verbs: ['create'] },
    { apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
  ]),
  role('system:discovery', [
    { nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*', '/version/'], verbs: ['get'] },
    { nonResourceURLs: [...PUBLIC_PATHS], verbs: ['get'] },
  ]),
  role('system:public-info-viewer', [{ nonResourceURLs: [...PUBLIC_PATHS, '/version/'], verbs: ['get'] }]),
];
