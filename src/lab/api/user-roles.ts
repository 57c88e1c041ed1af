/** The roles that people are given: `view`, `edit`, `admin`, each gathering those that say they belong to it. */
import type { NewObject } from '../object.ts';

const CORE = [
  'configmaps',
  'endpoints',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'serviceaccounts',
  'services',
];
const APPS = ['daemonsets', 'deployments', 'replicasets', 'statefulsets'];
const SCALE = ['deployments/scale', 'replicasets/scale', 'statefulsets/scale'];
const BATCH = ['cronjobs', 'jobs'];
const NETWORK = ['ingresses', 'networkpolicies'];
const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const REACH = ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy'];
const RBAC = 'rbac.authorization.k8s.io';

export const USER_ROLES: readonly NewObject[] = [
  gathering('view', ['view']),
  gathering('edit', ['edit', 'view']),
  gathering('admin', ['admin', 'edit', 'view']),
  gathered('view', [
    { apiGroups: [''], resources: [...CORE, 'events', 'limitranges', 'namespaces', 'resourcequotas'], verbs: READ },
    { apiGroups: [''], resources: ['pods/log', 'pods/status', 'namespaces/status'], verbs: READ },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
    { apiGroups: ['apps'], resources: [...APPS, ...SCALE, 'controllerrevisions'], verbs: READ },
    { apiGroups: ['batch'], resources: BATCH, verbs: READ },
    { apiGroups: ['networking.k8s.io'], resources: NETWORK, verbs: READ },
    { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: READ },
  ]),
  gathered('edit', [
    { apiGroups: [''], resources: REACH, verbs: READ },
    { apiGroups: [''], resources: [...CORE, ...REACH, 'events'], verbs: WRITE },
    { apiGroups: [''], resources: ['pods/eviction', 'serviceaccounts/token'], verbs: ['create'] },
    { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] },
    { apiGroups: ['apps'], resources: [...APPS, ...SCALE], verbs: WRITE },
    { apiGroups: ['batch'], resources: BATCH, verbs: WRITE },
    { apiGroups: ['networking.k8s.io'], resources: NETWORK, verbs: WRITE },
    { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: WRITE },
  ]),
  gathered('admin', [
    { apiGroups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews'], verbs: ['create'] },
    { apiGroups: [RBAC], resources: ['rolebindings', 'roles'], verbs: [...READ, ...WRITE] },
  ]),
];

function gathering(name: string, labels: readonly string[]): NewObject {
  const clusterRoleSelectors = labels.map((label) => ({ matchLabels: { [`${RBAC}/aggregate-to-${label}`]: 'true' } }));
  return { metadata: { name }, aggregationRule: { clusterRoleSelectors }, rules: [] };
}

function gathered(to: string, rules: object[]): NewObject {
  const labels = { [`${RBAC}/aggregate-to-${to}`]: 'true' };
  return { metadata: { name: `system:aggregate-to-${to}`, labels }, rules };
}
