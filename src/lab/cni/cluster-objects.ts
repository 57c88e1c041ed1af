/** What the API shows of the lab's networks: an operator, and kmcast, tell by it which networks a cluster has. */
import { attachmentDefinition } from '../nad-definition.ts';
import type { NewObject, ResourceName } from '../object.ts';
import type { PodNetwork } from '../place.ts';

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

export interface ClusterObject {
  readonly resource: ResourceName;
  readonly object: NewObject;
}

/**
 * To be created in this order. `overlay` is Flannel, `none` kindnet (https://kindnet.es), whose data planes the nodes have; `flat`
 * is nobody's: kmcast calls it unknown and judges it by what it sees. All have Multus, whose work the kubelets do.
 */
export function clusterObjects(podNetwork: PodNetwork): ClusterObject[] {
  const networks = { overlay: flannel, none: kindnet, flat: () => [] };
  return [{ resource: DEFINITIONS, object: attachmentDefinition() }, ...networks[podNetwork](), multus()];
}

function flannel(): ClusterObject[] {
  const labels = { app: 'flannel', tier: 'node', 'k8s-app': 'flannel' };
  const namespace = 'kube-flannel';
  const backend = { Network: '10.44.0.0/16', EnableNFTables: false, Backend: { Type: 'vxlan' } };
  return [
    { resource: 'namespaces', object: { metadata: { name: namespace, labels: { 'k8s-app': 'flannel' } } } },
    {
      resource: 'configmaps',
      object: {
        metadata: { name: 'kube-flannel-cfg', namespace, labels },
        data: { 'net-conf.json': JSON.stringify(backend) },
      },
    },
    daemonSet(namespace, 'kube-flannel-ds', labels, 'kube-flannel'),
  ];
}

function kindnet(): ClusterObject[] {
  const labels = { app: 'kindnet', tier: 'node', 'k8s-app': 'kindnet' };
  return [daemonSet('kube-system', 'kindnet', labels, 'kindnet-cni')];
}

function multus(): ClusterObject {
  return daemonSet('kube-system', 'kube-multus-ds', { app: 'multus', tier: 'node', name: 'multus' }, 'kube-multus');
}

/** Its pods do nothing: the daemon does what they would. */
function daemonSet(
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  container: string,
): ClusterObject {
  return {
    resource: 'daemonsets.apps',
    object: {
      metadata: { name, namespace, labels },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            hostNetwork: true,
            priorityClassName: 'system-node-critical',
            terminationGracePeriodSeconds: 0,
            tolerations: [{ operator: 'Exists' }],
            containers: [
              {
                name: container,
                image: 'lab/busybox:1',
                imagePullPolicy: 'IfNotPresent',
                command: ['sleep', 'infinity'],
              },
            ],
          },
        },
      },
    },
  };
}
