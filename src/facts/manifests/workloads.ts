/** Pods as files plan them: pods, the templates of whatever makes pods, and attachments that no such template names. */
import { known, unknown } from '../../model/fact.ts';
import {
  isObject,
  type Json,
  NETWORKS_ANNOTATION,
  parseNetworks,
  parseStatus,
  STATUS_ANNOTATION,
} from '../../model/nad.ts';
import { openAnnotations } from '../api/attachments.ts';
import { managerOf } from '../api/owners.ts';
import { networkAnnotations } from '../api/pod.ts';
import type { NadFacts, PodFacts, TargetFacts } from '../snapshot.ts';
import { type ManifestObject, mapAt, mapsIn, textIn, textsIn } from './object.ts';

/** Why a fact of a running pod or a cluster is missing. */
export const ONLY_MANIFESTS = 'only manifests were given';

/** kubectl's short names. */
const SHORT: Readonly<Record<string, string>> = {
  Deployment: 'deploy',
  StatefulSet: 'sts',
  DaemonSet: 'ds',
  ReplicaSet: 'rs',
  ReplicationController: 'rc',
};

export interface PodTemplate {
  readonly template: Json;
  /** Where it stands in the object. */
  readonly path: readonly string[];
}

/** The object's pod template: a pod is its own. Custom kinds have theirs where Deployments do. */
export function templateOf({ kind, json }: ManifestObject): PodTemplate | undefined {
  const paths =
    kind === 'Pod'
      ? [[]]
      : [
          ['spec', 'template'],
          ['spec', 'jobTemplate', 'spec', 'template'],
        ];
  return paths
    .map((path) => ({ path, template: mapAt(json, ...path) }))
    .find(({ template }) => Array.isArray(mapAt(template, 'spec').containers));
}

/** The pod that the object would make; `undefined` when it makes none. */
export function plannedPod(object: ManifestObject): TargetFacts | undefined {
  const found = templateOf(object);
  if (found === undefined) return undefined;
  const { template, path } = found;
  const annotations = textsIn(mapAt(template, 'metadata').annotations);
  const spec = mapAt(template, 'spec');
  const networks = annotations[NETWORKS_ANNOTATION];
  const replicas = object.spec.replicas;
  const managedBy = managerOf({ name: object.name, labels: object.labels, annotations: object.annotations });
  const short = SHORT[object.kind] ?? object.kind.toLowerCase();
  return planned({
    name: `${short}/${object.name}`,
    file: networks === undefined ? object.at() : object.at(...path, 'metadata', 'annotations', NETWORKS_ANNOTATION),
    pod: {
      name: object.name,
      namespace: object.namespace,
      labels: textsIn(mapAt(template, 'metadata').labels),
      annotations: networkAnnotations(annotations),
      hostNetwork: spec.hostNetwork === true,
      containers: mapsIn(spec.containers).map((container) => ({
        name: textIn(container.name) ?? '',
        image: textIn(container.image) ?? '',
        state: 'unknown',
        restarts: 0,
      })),
      sysctls: mapsIn(mapAt(spec, 'securityContext').sysctls).flatMap(({ name, value }) =>
        typeof name === 'string' && typeof value === 'string' ? [{ name, value }] : [],
      ),
      owners:
        object.kind === 'Pod'
          ? []
          : [
              {
                apiVersion: object.apiVersion,
                kind: object.kind,
                name: object.name,
                ...(typeof replicas === 'number' ? { replicas } : {}),
                ...(networks === undefined ? {} : { networks }),
                ...(managedBy === undefined ? {} : { managedBy }),
              },
            ],
      status: annotations[STATUS_ANNOTATION] === undefined ? null : parseStatus(annotations[STATUS_ANNOTATION]),
    },
  });
}

/** An attachment that no pod in the files asks for is judged as a pod would get it. */
export function plannedUser(nad: NadFacts): TargetFacts {
  return planned({
    name: `net-attach-def/${nad.name}`,
    file: nad.file ?? '',
    pod: {
      name: nad.name,
      namespace: nad.namespace,
      labels: {},
      annotations: { [NETWORKS_ANNOTATION]: nad.name },
      hostNetwork: false,
      containers: [],
      sysctls: [],
      owners: [],
      status: null,
    },
  });
}

/** Whether the pod's annotation names the attachment. */
export function asksFor(pod: PodFacts, nad: NadFacts): boolean {
  const networks = parseNetworks(pod.annotations[NETWORKS_ANNOTATION] ?? '', pod.namespace);
  return typeof networks !== 'string' && networks.some((n) => n.namespace === nad.namespace && n.name === nad.name);
}

/** The attachment in the object; `undefined` when it is none. A configuration may be in a file of the node. */
export function nadOf(object: ManifestObject): NadFacts | undefined {
  if (object.kind !== 'NetworkAttachmentDefinition' || !object.apiVersion.startsWith('k8s.cni.cncf.io/'))
    return undefined;
  const { config } = object.spec;
  const managedBy = managerOf({ name: object.name, labels: object.labels, annotations: object.annotations });
  return {
    namespace: object.namespace,
    name: object.name,
    config: typeof config === 'string' ? config : isObject(config) ? JSON.stringify(config) : '',
    file: object.at('spec', 'config'),
    labels: object.labels,
    annotations: openAnnotations(object.annotations),
    ...(managedBy === undefined ? {} : { managedBy }),
  };
}

type Written = Omit<PodFacts, 'uid' | 'phase' | 'created' | 'podIPs' | 'annotatedLater' | 'events' | 'planned'>;

function planned({ name, file, pod }: { name: string; file: string; pod: Written }): TargetFacts {
  return {
    name,
    kind: 'pod',
    namespace: pod.namespace,
    file,
    pod: known({
      ...pod,
      uid: '',
      phase: 'Unknown',
      created: '',
      podIPs: [],
      annotatedLater: unknown(ONLY_MANIFESTS),
      events: unknown(ONLY_MANIFESTS),
      planned: ONLY_MANIFESTS,
    }),
    observation: unknown(ONLY_MANIFESTS),
  };
}
