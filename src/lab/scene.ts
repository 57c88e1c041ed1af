/** What is alive in a lab from the beginning: a stream from outside the cluster, and a pod that receives it. Faults change it. */
import type { NewObject, ResourceName } from './object.ts';
import { type Program, type Receiving, receiver, type Sending, sender } from './programs.ts';

/** The stream: the outside host sends it on the multicast LAN. */
export const STREAM = {
  group: '239.10.10.10',
  port: 5004,
  source: '192.168.50.50',
  interface: 'eth1',
  rate: 20,
  ttl: 8,
} as const satisfies Sending;

export const NAMESPACE = 'video';
export const ATTACHMENT = 'camera-lan';
export const RECEIVER = 'rx';

/** A NetworkAttachmentDefinition: its configuration, or the text that stands in its place. */
export interface Attachment {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>> | string;
}

/** The receiving pod. */
export interface ReceiverPod extends Receiving {
  readonly node: string;
  /** The annotation k8s.v1.cni.cncf.io/networks. */
  readonly networks?: string;
  readonly image: string;
  /** One of these, of one pod, in place of a bare pod. */
  readonly workload?: 'Deployment' | 'StatefulSet';
  /** Fields of the pod's spec, over what it has. */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Fields of its container. */
  readonly container?: Readonly<Record<string, unknown>>;
}

export interface Scene {
  /** What the outside host sends; nothing when absent. */
  readonly stream?: Sending;
  readonly attachments: readonly Attachment[];
  readonly receiver: ReceiverPod;
  /** What else there is, created before the receiver. */
  readonly objects: readonly { readonly resource: ResourceName; readonly object: NewObject }[];
}

/**
 * All is well. The attachment is as it should be: a macvlan on the NIC of the multicast LAN, with a route of its own for the
 * group and, since host-local would fill in a gateway, none that leads to a router.
 */
export const HEALTHY: Scene = {
  stream: STREAM,
  attachments: [
    {
      name: ATTACHMENT,
      config: {
        cniVersion: '0.3.1',
        name: ATTACHMENT,
        type: 'macvlan',
        master: STREAM.interface,
        mode: 'bridge',
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: '192.168.50.0/24', rangeStart: '192.168.50.100', rangeEnd: '192.168.50.199' }]],
          routes: [{ dst: `${STREAM.group}/32`, gw: '0.0.0.0' }],
        },
      },
    },
  ],
  receiver: {
    node: 'node1',
    networks: ATTACHMENT,
    image: 'lab/app:1',
    group: STREAM.group,
    port: STREAM.port,
  },
  objects: [],
};

/** The scene's objects in its namespace, in the order of their making. */
export function sceneObjects(
  scene: Scene = HEALTHY,
): { readonly resource: ResourceName; readonly object: NewObject }[] {
  return [
    { resource: 'namespaces', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } } },
    ...scene.attachments.map(({ name, config }) => ({
      resource: 'network-attachment-definitions.k8s.cni.cncf.io',
      object: {
        apiVersion: 'k8s.cni.cncf.io/v1',
        kind: 'NetworkAttachmentDefinition',
        metadata: { name, namespace: NAMESPACE },
        spec: { config: typeof config === 'string' ? config : JSON.stringify(config, null, 2) },
      },
    })),
    ...scene.objects,
    receiverObject(scene.receiver),
  ];
}

/** A pod that sends, for scenes whose stream does not come from the outside host. */
export function senderPod(
  name: string,
  node: string,
  sending: Sending,
  spec: Readonly<Record<string, unknown>> = {},
): { readonly resource: ResourceName; readonly object: NewObject } {
  return {
    resource: 'pods',
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: NAMESPACE, labels: { app: name } },
      spec: { ...podSpec(node, 'lab/app:1', sender(sending)), ...spec },
    },
  };
}

/** A pod with the receiver's attachment, which sends where it is told what; else it only holds its address. */
export function attachedPod(
  name: string,
  node: string,
  sending?: Sending,
): { readonly resource: ResourceName; readonly object: NewObject } {
  const program = sending === undefined ? { argv: ['sleep', 'infinity'], env: {} } : sender(sending);
  return {
    resource: 'pods',
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: NAMESPACE,
        labels: { app: name },
        annotations: { 'k8s.v1.cni.cncf.io/networks': ATTACHMENT },
      },
      spec: podSpec(node, 'lab/app:1', program),
    },
  };
}

function receiverObject(wishes: ReceiverPod): { readonly resource: ResourceName; readonly object: NewObject } {
  const { node, networks, image, workload } = wishes;
  const annotations = networks === undefined ? {} : { 'k8s.v1.cni.cncf.io/networks': networks };
  const labels = { app: RECEIVER };
  const spec = { ...podSpec(node, image, receiver(wishes), wishes.container), ...wishes.spec };
  const metadata = { name: RECEIVER, namespace: NAMESPACE, labels };
  if (workload === undefined)
    return {
      resource: 'pods',
      object: { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, annotations }, spec },
    };
  const template = { metadata: { labels, annotations }, spec };
  const own = workload === 'Deployment' ? { strategy: { type: 'Recreate' } } : { serviceName: RECEIVER };
  return {
    resource: `${workload.toLowerCase()}s.apps`,
    object: {
      apiVersion: 'apps/v1',
      kind: workload,
      metadata,
      spec: { replicas: 1, selector: { matchLabels: labels }, template, ...own },
    },
  };
}

function podSpec(node: string, image: string, { argv, env }: Program, more: Readonly<Record<string, unknown>> = {}) {
  return {
    nodeName: node,
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'app',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: argv,
        env: Object.entries(env).map(([name, value]) => ({ name, value })),
        ...more,
      },
    ],
  };
}
