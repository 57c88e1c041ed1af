/** A Kubernetes of the lab's machines: objects, API server, controllers, a kubelet for each node. */
import { basename } from 'node:path';
import { SERVICE_ADDRESS, SERVICE_PORT, startApiServer } from '../api/server.ts';
import { clusterObjects } from '../cni/cluster-objects.ts';
import { podNetworks } from '../cni/pod-networks.ts';
import { prepareNodes } from '../cni/prepare-nodes.ts';
import { startControllers } from '../control/start-controllers.ts';
import { type Kubelet, startKubelet } from '../kubelet/kubelet.ts';
import { podRuntime } from '../kubelet/runtime.ts';
import type { NewObject, ResourceName } from '../object.ts';
import { sceneObjects } from '../scene.ts';
import { createStore } from '../store/memory-store.ts';
import type { Store } from '../store.ts';
import { listenIn } from './listen-in.ts';
import type { StartedPlaces } from './places.ts';
import { settled } from './settled.ts';
import { DEFAULT_LAB, type LabShape } from './shape.ts';
import { keepStream } from './stream.ts';

export interface RunningCluster {
  /** URL of the API server. */
  readonly server: string;
  /** Path of the kubeconfig. */
  readonly kubeconfig: string;
}

/** Milliseconds for all pods to be ready, which takes half a second on a machine that does nothing else. */
const PATIENCE = 60_000;

/** Resolves when all its pods are ready. Rejects with a sentence when something cannot be made. */
export async function startCluster(
  places: StartedPlaces,
  shape: LabShape,
  step: (text: string) => void,
): Promise<RunningCluster> {
  const { nodes, folder, podNetwork, outside } = places;
  const store = createStore();
  // The kubelets come later, and are known to the API server then.
  const kubelets: Kubelet[] = [];
  step('the API server and the pod network');
  const start = async () => {
    const inside = await listenIn(places.switches, SERVICE_ADDRESS, SERVICE_PORT);
    return startApiServer({
      store,
      runtime: podRuntime(kubelets),
      folder,
      name: contextName(basename(folder)),
      inside,
    });
  };
  const [server] = await Promise.all([start(), prepareNodes(places)]);
  startControllers(store, { nodes, ca: server.authority });
  for (const { resource, object } of clusterObjects(podNetwork)) createMissing(store, resource, object);
  if (shape.scene) {
    keepStream(outside, folder);
    for (const { resource, object } of sceneObjects()) createMissing(store, resource, object);
  }
  const networks = podNetworks(store);
  for (const node of nodes) kubelets.push(startKubelet({ store, node, places, networks }));
  step('pods');
  await settled(store, PATIENCE);
  return { server: server.url, kubeconfig: server.kubeconfig };
}

/** Of the kubeconfig's cluster and context: one sees which lab a command is about. */
function contextName(lab: string): string {
  return lab === DEFAULT_LAB ? 'kmcast-lab' : `kmcast-lab-${lab}`;
}

/** An API server brings some of what a cluster needs with it. */
function createMissing(store: Store, resource: ResourceName, object: NewObject): void {
  const { namespace, name = '' } = object.metadata;
  if (store.get(resource, namespace, name) === undefined) store.create(resource, object);
}
