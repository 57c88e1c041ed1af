/** The snapshot of files: what a cluster made of them would begin with. Every fact of something that runs is missing. */
import { known, unknown } from '../../model/fact.ts';
import { formatGroup, type Group } from '../../model/group.ts';
import { type NetworkPolicy, policyFactsOf } from '../api/policies.ts';
import type { ClusterFacts, NadFacts, PodFacts, PolicyFacts, Snapshot, TargetFacts } from '../snapshot.ts';
import { SCHEMA_VERSION } from '../snapshot.ts';
import { discoveryIn, discoveryOf } from './discovery.ts';
import { type BadFile, type ManifestDocument, type ManifestFile, readDocuments } from './documents.ts';
import { type ManifestObject, mapAt, mapsIn, objectOf } from './object.ts';
import { serviceOf } from './services.ts';
import { settingsOf, valuesOf } from './settings.ts';
import { asksFor, nadOf, ONLY_MANIFESTS, plannedPod, plannedUser } from './workloads.ts';

export interface ManifestWishes {
  /** As the operator named them. */
  readonly written: readonly string[];
  /** Of objects that name none. */
  readonly namespace: string;
  readonly groups: readonly Group[];
  readonly source?: string;
  readonly version: string;
  readonly now: Date;
}

/** Everything that the files say. @returns the first file that is no YAML, with the line. */
export function manifestSnapshot(files: readonly ManifestFile[], wishes: ManifestWishes): Snapshot | BadFile {
  const documents: ManifestDocument[] = [];
  for (const file of files) {
    const found = readDocuments(file);
    if (!Array.isArray(found)) return found;
    documents.push(...found);
  }
  const objects = documents.flatMap((document) => objectOf(document, wishes.namespace) ?? []);
  // What is no object may be Helm values or an application's own configuration.
  const others = documents.filter((document) => objectOf(document, wishes.namespace) === undefined);
  const loose = files.filter(({ name }) => others.some((document) => document.file === name));
  const nads = objects.flatMap((object) => nadOf(object) ?? []);
  const pods = objects.flatMap((object) => plannedPod(object) ?? []);
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: 'Snapshot',
    kmcastVersion: wishes.version,
    time: wishes.now.toISOString(),
    question: {
      targets: [],
      namespace: wishes.namespace,
      groups: wishes.groups.map(formatGroup),
      ...(wishes.source === undefined ? {} : { source: wishes.source }),
    },
    cluster: clusterFacts(nads, policiesIn(objects)),
    targets: [...pods, ...unused(nads, pods.map(podOf)).map(plannedUser), MANIFESTS],
    nodes: [],
    vantages: [{ kind: 'files', description: describe(files.length, objects.length, others.length), outcome: 'used' }],
    manifests: {
      files: wishes.written,
      objects: objects.length + others.length,
      services: objects.flatMap((object) => serviceOf(object) ?? []),
      settings: [...objects.flatMap(settingsOf), ...others.flatMap(valuesOf)],
      discovery: [
        ...objects.flatMap(discoveryOf),
        ...others.flatMap((document) =>
          loose.filter(({ name }) => name === document.file).flatMap(({ text }) => discoveryIn(document, text)),
        ),
      ],
    },
  };
}

/** What is of no pod: Services, settings of the network, policies. */
const MANIFESTS: TargetFacts = {
  name: 'manifests',
  kind: 'manifests',
  pod: unknown('the target is no pod'),
  observation: unknown(ONLY_MANIFESTS),
};

function clusterFacts(nads: readonly NadFacts[], policies: readonly PolicyFacts[]): ClusterFacts {
  const missing = unknown(ONLY_MANIFESTS);
  return {
    context: '',
    podNetwork: missing,
    metaPlugin: missing,
    attachments: known(nads),
    nodes: missing,
    namespaces: missing,
    policies: known(policies),
    podAddresses: missing,
    serviceAddresses: missing,
    whereabouts: missing,
  };
}

function podOf(target: TargetFacts): PodFacts | undefined {
  return 'value' in target.pod ? target.pod.value : undefined;
}

function unused(nads: readonly NadFacts[], pods: readonly (PodFacts | undefined)[]): NadFacts[] {
  return nads.filter((nad) => !pods.some((pod) => pod !== undefined && asksFor(pod, nad)));
}

/** Which pods they select is not asked: others than those in the files may be meant. */
function policiesIn(objects: readonly ManifestObject[]): PolicyFacts[] {
  return objects
    .filter((object) => object.kind === 'NetworkPolicy' && object.apiVersion === 'networking.k8s.io/v1')
    .map(({ namespace, name, spec, at }) => {
      const rules = (list: unknown, peers: string) => mapsIn(list).map((rule) => ({ [peers]: peersIn(rule[peers]) }));
      const policyTypes = Array.isArray(spec.policyTypes) ? spec.policyTypes.map(String) : undefined;
      const policy: NetworkPolicy = {
        metadata: { namespace, name },
        spec: {
          ingress: rules(spec.ingress, 'from'),
          egress: rules(spec.egress, 'to'),
          ...(policyTypes === undefined ? {} : { policyTypes }),
        },
      };
      return { ...policyFactsOf(policy, []), file: at('spec', 'ingress') };
    });
}

/** The API's peers where there is a list of them: a file may have anything there. */
function peersIn(value: unknown): { ipBlock: { cidr?: string } }[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return mapsIn(value).map((peer) => {
    const { cidr } = mapAt(peer, 'ipBlock');
    return { ipBlock: typeof cidr === 'string' ? { cidr } : {} };
  });
}

function describe(files: number, objects: number, others: number): string {
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  return `reading ${count(files, 'file')}: ${count(objects, 'object')}${others === 0 ? '' : `, ${count(others, 'document')} without a kind`}`;
}
