/** Everything that in other clusters kube-controller-manager and kube-scheduler do, over one store. */
import type { Node } from '../place.ts';
import type { Store } from '../store.ts';
import { furnishNamespaces } from './accounts.ts';
import { type Controller, runController } from './controller.ts';
import { daemonSetController } from './daemon-set.ts';
import { deploymentController } from './deployment.ts';
import { collectGarbage } from './garbage.ts';
import { jobController } from './job.ts';
import { emptyNamespaces } from './namespaces.ts';
import { registerNodes } from './nodes.ts';
import type { Admit } from './pods.ts';
import { replicaSetController } from './replica-set.ts';
import { schedulerController } from './scheduler.ts';
import { statefulSetController } from './stateful-set.ts';

export interface ControllersWishes {
  readonly nodes: readonly Pick<Node, 'name' | 'lan' | 'podCidr'>[];
  /** PEM, for the ConfigMap kube-root-ca.crt of each namespace. */
  readonly ca?: string;
  /** What the API server would refuse of the controllers' pods; nothing when absent. */
  readonly admit?: Admit;
}

export interface Controllers {
  /** Ends all: nothing is changed any more, no timer is left. */
  close(): void;
}

/** Registers the nodes, and acts from then on upon the store's changes. */
export function startControllers(store: Store, wishes: ControllersWishes): Controllers {
  const { nodes, ca = '', admit = () => {} } = wishes;
  registerNodes(store, nodes);
  const maker = (component: string) => ({ store, component, admit });
  const controllers: Controller[] = [
    deploymentController(store),
    replicaSetController(maker('replicaset-controller')),
    statefulSetController(maker('statefulset-controller')),
    daemonSetController(maker('daemonset-controller')),
    jobController(maker('job-controller')),
    schedulerController(store),
  ];
  const ends = [
    furnishNamespaces(store, ca),
    emptyNamespaces(store),
    collectGarbage(store),
    ...controllers.map((controller) => runController(store, controller)),
  ];
  return {
    close() {
      for (const end of ends) end();
    },
  };
}
