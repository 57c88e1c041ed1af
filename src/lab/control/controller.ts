/** The loop of every controller: a change wakes the object that it concerns, which is then compared with what should be. */
import type { KubeObject, ResourceName } from '../object.ts';
import type { Change, Store } from '../store.ts';
import { WorkQueue } from './work-queue.ts';

export interface Controller {
  /** What it looks after. */
  readonly resource: ResourceName;
  readonly kind: string;
  /** What it makes: a change wakes the owner. */
  readonly owned: readonly ResourceName[];
  /** What else can concern its objects, and which. */
  readonly others?: { readonly resources: readonly ResourceName[]; concerned(change: Change): readonly KubeObject[] };
  /** Acts upon the object as it is now; `again` has it called once more after so many milliseconds. */
  reconcile(object: KubeObject, again: (milliseconds: number) => void): void;
  /** The object is gone. */
  forget?(uid: string): void;
}

/** Begins with all that exists. @returns how to end it */
export function runController(store: Store, controller: Controller): () => void {
  const { resource, kind, owned, others } = controller;
  const queue = new WorkQueue((key) => {
    const [namespace, name = ''] = key.split('/');
    const object = store.get(resource, namespace === '' ? undefined : namespace, name);
    if (object !== undefined) controller.reconcile(object, (milliseconds) => queue.addAfter(key, milliseconds));
  });
  const wake = ({ namespace, name }: { readonly namespace?: string; readonly name: string }): void =>
    queue.add(`${namespace ?? ''}/${name}`);
  const end = store.subscribe(
    (change) => {
      const { metadata } = change.object;
      if (change.resource === resource) {
        wake(metadata);
        if (change.type === 'DELETED') controller.forget?.(metadata.uid);
      } else if (others?.resources.includes(change.resource)) {
        for (const object of others.concerned(change)) wake(object.metadata);
      }
      if (!owned.includes(change.resource)) return;
      const owner = metadata.ownerReferences?.find((reference) => reference.controller === true);
      if (owner?.kind === kind) wake({ ...metadata, name: owner.name });
    },
    { resources: [resource, ...owned, ...(others?.resources ?? [])], replay: true },
  );
  return () => {
    end();
    queue.close();
  };
}
