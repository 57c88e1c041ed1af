/**
 * As much of the OpenAPI documents as kubectl needs to leave validation to the server: paths, whose PATCH takes
 * `fieldValidation` and `dryRun`. There are no schemas: `kubectl explain` has nothing to explain.
 */
import { apiVersionOf, type Resource } from '../../store/resources.ts';
import { wireBytes } from '../protobuf/wire.ts';
import type { ResourceIndex } from '../resource-index.ts';

const PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));

/**
 * /openapi/v2, which kubectl reads for a List, and before 1.27 for everything: without definitions it leaves all to the server. Of
 * gnostic's Document (openapiv2/OpenAPIv2.proto): 1 swagger, 2 info, of which 1 is the title and 2 the version.
 */
export function openApiV2(): Buffer {
  const info = Buffer.concat([wireBytes(1, 'Kubernetes'), wireBytes(2, 'unversioned')]);
  return Buffer.concat([wireBytes(1, '2.0'), wireBytes(2, info)]);
}

/** /openapi/v3: where the document of each version is. */
export function openApiIndex(index: ResourceIndex): object {
  const paths = index.apiVersions().map(rootOf);
  return { paths: Object.fromEntries(paths.map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}` }])) };
}

/** /openapi/v3/apis/apps/v1; undefined for a version that is not there. `root` is `api/v1` or `apis/apps/v1`. */
export function openApiDocument(index: ResourceIndex, root: string): object | undefined {
  const apiVersion = index.apiVersions().find((candidate) => rootOf(candidate) === root);
  if (apiVersion === undefined) return undefined;
  const resources = index.all().filter((resource) => apiVersionOf(resource) === apiVersion);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: Object.fromEntries(resources.map((resource) => [pathOf(root, resource), operations(resource)])),
    components: { schemas: {} },
  };
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
}

function pathOf(root: string, { namespaced, plural }: Resource): string {
  return namespaced ? `/${root}/namespaces/{namespace}/${plural}/{name}` : `/${root}/${plural}/{name}`;
}

function operations({ group, version, kind }: Resource): object {
  const gvk = { 'x-kubernetes-group-version-kind': { group, version, kind } };
  return { patch: { 'x-kubernetes-action': 'patch', ...gvk, parameters: PARAMETERS, responses: {} } };
}
