/** What every namespace has: the service account `default`, and the API server's certificate (kubernetes/pkg/controller/serviceaccount and certificates/rootcacertpublisher). */
import type { Store } from '../store.ts';
import { WorkQueue } from './work-queue.ts';

const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Makes them anew when they are deleted. @param ca PEM @returns how to end it */
export function furnishNamespaces(store: Store, ca: string): () => void {
  const queue = new WorkQueue((namespace) => {
    const found = store.get('namespaces', undefined, namespace);
    if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
    if (store.get('serviceaccounts', namespace, 'default') === undefined) {
      store.create('serviceaccounts', { metadata: { name: 'default', namespace } });
    }
    if (store.get('configmaps', namespace, 'kube-root-ca.crt') === undefined) {
      const annotations = { 'kubernetes.io/description': DESCRIPTION };
      store.create('configmaps', {
        metadata: { name: 'kube-root-ca.crt', namespace, annotations },
        data: { 'ca.crt': ca },
      });
    }
  });
  const end = store.subscribe(
    ({ type, resource, object }) => {
      if (resource === 'namespaces' && type !== 'DELETED') queue.add(object.metadata.name);
      else if (resource !== 'namespaces' && type === 'DELETED') queue.add(object.metadata.namespace ?? '');
    },
    { resources: ['namespaces', 'serviceaccounts', 'configmaps'], replay: true },
  );
  return () => {
    end();
    queue.close();
  };
}
