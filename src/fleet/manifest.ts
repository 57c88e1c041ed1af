/** What a fleet is made of in the cluster: a guard that owns the rest, the agents' program and job, and what makes the pods. */
import { ownLabels } from '../cluster/owned.ts';

export interface FleetObjects {
  readonly name: string;
  readonly namespace: string;
  /** Id of this run of kmcast, for labels. */
  readonly run: string;
  /** Seconds until the cluster itself removes all of it. */
  readonly seconds: number;
}

export interface Owner {
  readonly name: string;
  readonly uid: string;
}

export interface Crew {
  readonly image: string;
  readonly pullPolicy: 'IfNotPresent' | 'Never';
  /** Whether the agents are in the nodes' own network, or each in a pod's. */
  readonly hostNetwork: boolean;
  /** Seconds that an agent has between the deletion of its pod and its end. */
  readonly grace: number;
  /** Every node has one; these nodes have one each; or so many somewhere. */
  readonly placement:
    | { readonly kind: 'all' }
    | { readonly kind: 'nodes'; readonly names: readonly string[] }
    | { readonly kind: 'anywhere'; readonly pods: number };
}

/** Seconds after its end until the guard is removed, and with it what it owns. */
const TTL = 10;
const FOLDER = '/kmcast';
const READY = '/dev/shm/kmcast-ready';
const MESSAGE = '/dev/termination-log';
/** Nobody of the image's. */
const USER = 65534;

/**
 * A Job without a pod: `parallelism` 0 starts none, `activeDeadlineSeconds` ends the Job all the same, and
 * `ttlSecondsAfterFinished` removes it, and the garbage collector what it owns. A DaemonSet has no such limits of its own.
 */
export function guardJob({ name, namespace, run, seconds }: FleetObjects) {
  const labels = ownLabels(run);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace, labels },
    spec: {
      parallelism: 0,
      completions: 1,
      backoffLimit: 0,
      activeDeadlineSeconds: seconds,
      ttlSecondsAfterFinished: TTL,
      template: {
        metadata: { labels },
        spec: { restartPolicy: 'Never', containers: [{ name: 'none', image: 'none' }] },
      },
    },
  };
}

/** The program and the job: kept once, not in every pod's specification. */
export function fleetConfig(objects: FleetObjects, owner: Owner, program: string, job: object) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(objects, owner),
    immutable: true,
    data: { 'program.py': program, 'job.json': JSON.stringify(job) },
  };
}

/** What makes the pods: a DaemonSet; or for a fleet that the cluster may place where it likes, or on few nodes, a Job. */
export function fleetWorkload(objects: FleetObjects, owner: Owner, crew: Crew, kind: 'DaemonSet' | 'Job') {
  const pod = { metadata: { labels: ownLabels(objects.run) }, spec: podSpec(objects, crew, kind) };
  if (kind === 'DaemonSet') {
    return {
      apiVersion: 'apps/v1',
      kind,
      metadata: metadata(objects, owner),
      spec: { selector: { matchLabels: ownLabels(objects.run) }, template: pod },
    };
  }
  const { placement } = crew;
  const pods = placement.kind === 'anywhere' ? placement.pods : placement.kind === 'nodes' ? placement.names.length : 0;
  return {
    apiVersion: 'batch/v1',
    kind,
    metadata: metadata(objects, owner),
    spec: {
      parallelism: pods,
      completions: pods,
      // One agent that cannot start must not end the others.
      backoffLimit: 6 * pods,
      ...(placement.kind === 'anywhere' ? { completionMode: 'Indexed' } : {}),
      activeDeadlineSeconds: objects.seconds,
      ttlSecondsAfterFinished: TTL,
      template: pod,
    },
  };
}

function metadata({ name, namespace, run }: FleetObjects, owner: Owner) {
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name: owner.name, uid: owner.uid }];
  return { name, namespace, labels: ownLabels(run), ownerReferences };
}

function podSpec({ name, run }: FleetObjects, crew: Crew, kind: 'DaemonSet' | 'Job') {
  const affinity = affinityOf(crew, kind, run);
  const isAnywhere = crew.placement.kind === 'anywhere';
  const fieldPath = isAnywhere ? `metadata.annotations['${INDEX}']` : 'spec.nodeName';
  return {
    hostNetwork: crew.hostNetwork,
    restartPolicy: kind === 'DaemonSet' ? 'Always' : 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: crew.grace,
    ...(isAnywhere ? {} : { tolerations: [{ operator: 'Exists' }] }),
    ...(affinity === undefined ? {} : { affinity }),
    securityContext: {
      runAsUser: USER,
      runAsGroup: USER,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'agent',
        image: crew.image,
        imagePullPolicy: crew.pullPolicy,
        command: ['python3', '-ES', `${FOLDER}/program.py`, FOLDER, READY, MESSAGE],
        env: [{ name: 'KMCAST_END', valueFrom: { fieldRef: { fieldPath } } }],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        // The container counts as running, and so as ready, when this has ended: once it has joined. A probe would ask again and again.
        lifecycle: { postStart: { exec: { command: ['python3', '-ES', '-c', AWAIT] } } },
        volumeMounts: [{ name: 'agent', mountPath: FOLDER, readOnly: true }],
      },
    ],
    volumes: [{ name: 'agent', configMap: { name } }],
  };
}

/** Where the index of an Indexed Job's pod is told. */
export const INDEX = 'batch.kubernetes.io/job-completion-index';

const AWAIT = `import os, time
while not os.path.exists('${READY}'): time.sleep(0.05)`;

/**
 * By name, exactly: one term for each node (a field's requirement takes one value alone), any of which will do. A DaemonSet's controller
 * makes one pod for each node that fits, and writes into the pod that node alone; a Job's pods keep off each other by anti-affinity.
 */
function affinityOf({ placement }: Crew, kind: 'DaemonSet' | 'Job', run: string) {
  if (placement.kind !== 'nodes') return undefined;
  const nodeSelectorTerms = placement.names.map((name) => ({
    matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }],
  }));
  const apart = { labelSelector: { matchLabels: ownLabels(run) }, topologyKey: 'kubernetes.io/hostname' };
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
    ...(kind === 'Job' ? { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } } : {}),
  };
}
