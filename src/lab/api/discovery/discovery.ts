/** Which groups, versions and resources there are: what kubectl asks first. */
import { apiVersionOf, type Resource } from '../../store/resources.ts';
import type { ResourceIndex } from '../resource-index.ts';
import { REVIEWS } from '../review.ts';

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What a subresource does and shows: verbs, and the kind where it is another. */
const SUBRESOURCES: Readonly<Record<string, readonly [verbs: readonly string[], kind?: string, apiVersion?: string]>> =
  {
    status: [['get', 'patch', 'update']],
    ephemeralcontainers: [['get', 'patch', 'update']],
    finalize: [['update']],
    scale: [['get', 'patch', 'update'], 'Scale', 'autoscaling/v1'],
    log: [['get']],
    exec: [['create', 'get'], 'PodExecOptions'],
    attach: [['create', 'get'], 'PodAttachOptions'],
    eviction: [['create'], 'Eviction', 'policy/v1'],
    binding: [['create'], 'Binding'],
    token: [['create'], 'TokenRequest', 'authentication.k8s.io/v1'],
  };

/** meta/v1 APIGroupList. */
export function groupList(index: ResourceIndex): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupNames(index).map((name) => group(index, name)) };
}

/** meta/v1 APIGroup; undefined for a group that is not there. */
export function apiGroup(index: ResourceIndex, name: string): object | undefined {
  if (!groupNames(index).includes(name)) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...group(index, name) };
}

/** meta/v1 APIResourceList of `v1` or `apps/v1`; undefined for one that is not there. */
export function resourceList(index: ResourceIndex, apiVersion: string): object | undefined {
  if (!index.apiVersions().includes(apiVersion)) return undefined;
  const resources = index.all().filter((resource) => apiVersionOf(resource) === apiVersion);
  const reviews = REVIEWS.filter((review) => review.apiVersion === apiVersion);
  return {
    kind: 'APIResourceList',
    ...(apiVersion === 'v1' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersion,
    resources: [
      ...resources.flatMap(apiResources),
      ...reviews.map(({ plural, kind, namespaced }) => {
        return { name: plural, singularName: kind.toLowerCase(), namespaced, kind, verbs: ['create'] };
      }),
    ],
  };
}

/** All in one document (apidiscovery.k8s.io/v2): the core group for /api, the others for /apis. */
export function aggregated(index: ResourceIndex, core: boolean): object {
  const names = core ? [''] : groupNames(index);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: names.map((name) => ({
      metadata: { ...(name === '' ? {} : { name }), creationTimestamp: null },
      versions: versionsOf(index, name).map((version) => ({
        version,
        resources: [
          ...index
            .all()
            .filter((resource) => resource.group === name && resource.version === version)
            .map(discoveredResource),
          ...REVIEWS.filter(({ apiVersion }) => apiVersion === `${name}/${version}`).map(discoveredReview),
        ],
        freshness: 'Current',
      })),
    })),
  };
}

function apiResources(resource: Resource): object[] {
  const { plural, singular, namespaced, kind, shortNames, categories, subresources } = resource;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs: verbsOf(resource),
      ...(shortNames.length === 0 ? {} : { shortNames }),
      ...(categories.length === 0 ? {} : { categories }),
    },
    ...subresources.map((name) => {
      const { verbs, kind: shown, group, version } = subresourceOf(resource, name);
      const other = shown === kind ? {} : { group, version };
      return { name: `${plural}/${name}`, singularName: '', namespaced, ...other, kind: shown, verbs };
    }),
  ];
}

function discoveredResource(resource: Resource): object {
  const { plural, singular, namespaced, kind, group, version, shortNames, categories, subresources } = resource;
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: verbsOf(resource),
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    subresources: subresources.map((name) => {
      const { verbs, ...responseKind } = subresourceOf(resource, name);
      return { subresource: name, responseKind, verbs };
    }),
  };
}

function discoveredReview({ plural, kind, namespaced }: (typeof REVIEWS)[number]): object {
  const scope = namespaced ? 'Namespaced' : 'Cluster';
  const responseKind = { group: '', version: '', kind };
  return { resource: plural, responseKind, scope, singularResource: kind.toLowerCase(), verbs: ['create'] };
}

function subresourceOf(resource: Resource, name: string) {
  const [verbs = ['get'], kind = resource.kind, apiVersion = apiVersionOf(resource)] = SUBRESOURCES[name] ?? [];
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return { group, version, kind, verbs };
}

function verbsOf(resource: Resource): readonly string[] {
  // Nobody deletes all namespaces at once.
  return resource.plural === 'namespaces' ? ALL_VERBS.filter((verb) => verb !== 'deletecollection') : ALL_VERBS;
}

function groupNames(index: ResourceIndex): string[] {
  const names = index
    .apiVersions()
    .flatMap((apiVersion) => (apiVersion.includes('/') ? [apiVersion.split('/')[0]!] : []));
  return [...new Set(names)];
}

function versionsOf(index: ResourceIndex, group: string): string[] {
  return index
    .apiVersions()
    .filter((apiVersion) => (apiVersion.includes('/') ? apiVersion.startsWith(`${group}/`) : group === ''))
    .map((apiVersion) => apiVersion.split('/').at(-1)!);
}

function group(index: ResourceIndex, name: string): object {
  const versions = versionsOf(index, name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}
