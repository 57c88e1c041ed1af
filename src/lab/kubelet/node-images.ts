/** The images of a node (core/v1 Node.status.images), as its kubelet lists them: whoever looks for one to use finds it there. */
import { StatusError, type Store } from '../store.ts';
import { RECIPES } from './image-recipes.ts';

/** Bytes; what programs and libraries of this machine take is nobody's concern. */
const SIZE = 16 * 1024 * 1024;

/** Now, or when the node's object is made; returns how to end it. */
export function announceImages(store: Store, nodeName: string): () => void {
  const images = Object.keys(RECIPES).map((name) => ({ names: [name], sizeBytes: SIZE }));
  return store.subscribe(
    ({ type, object }) => {
      if (type === 'DELETED' || object.metadata.name !== nodeName || object.status?.images !== undefined) return;
      try {
        store.mutate('nodes', undefined, nodeName, (node) => {
          node.status = { ...node.status, images };
        });
      } catch (error) {
        // It has been deleted meanwhile.
        if (!(error instanceof StatusError)) throw error;
      }
    },
    { resources: ['nodes'], replay: true },
  );
}
