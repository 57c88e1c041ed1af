import { expect, test } from 'vitest';
import type { OwnerFacts, PodFacts } from '../../src/facts/snapshot.ts';
import { NETWORKS_ANNOTATION } from '../../src/model/nad.ts';
import { recreateStep, undoRecreate } from '../../src/plan/recreate.ts';
import { caseOf } from '../doctor/snapshot.ts';

function pod(...owners: Partial<OwnerFacts>[]): PodFacts {
  const base = caseOf().pod!;
  return {
    ...base,
    owners: owners.map((owner) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'rx', ...owner })),
  };
}

test('a pod without owner is replaced by a pipe, so that no value of its environment is on screen', () => {
  const step = recreateStep(pod(), undefined);
  expect(step.run).toBe(`f=$(mktemp)
kubectl -n video get pod rx -o yaml > "$f"
kubectl annotate --local --overwrite -f "$f" k8s.v1.cni.cncf.io/network-status- -o yaml | kubectl replace --force -f -
kubectl -n video wait --for=condition=Ready pod/rx --timeout=120s
rm "$f"`);
  expect(recreateStep(pod(), 'a, b').run).toContain(`'${NETWORKS_ANNOTATION}=a, b' k8s.v1.cni.cncf.io/network-status-`);
});

test.each(['Deployment', 'StatefulSet', 'DaemonSet'])(
  '%s is rolled out; a changed template rolls out by itself',
  (kind) => {
    const what = `${kind.toLowerCase()}/rx`;
    expect(recreateStep(pod({ kind, networks: 'mcast' }), undefined).run?.split('\n')).toEqual([
      `kubectl -n video rollout restart ${what}`,
      `kubectl -n video rollout status ${what} --timeout=180s`,
    ]);
    expect(recreateStep(pod({ kind, networks: 'mcast' }), 'mcast').run).toContain('rollout restart');
    expect(recreateStep(pod({ kind }), 'mcast').run?.split('\n')).toEqual([
      `kubectl -n video patch ${kind.toLowerCase()} rx --type merge -p '{"spec":{"template":{"metadata":{"annotations":{"${NETWORKS_ANNOTATION}":"mcast"}}}}}'`,
      `kubectl -n video rollout status ${what} --timeout=180s`,
    ]);
  },
);

test('the topmost owner counts', () => {
  expect(recreateStep(pod({ kind: 'ReplicaSet', name: 'rx-5' }, { name: 'rx' }), undefined).run).toContain(
    'deployment/rx',
  );
});

test.each(['ReplicaSet', 'ReplicationController'])('%s makes a deleted pod again', (kind) => {
  expect(recreateStep(pod({ kind }), undefined).run).toBe('kubectl -n video delete pod rx');
  expect(recreateStep(pod({ kind }), 'mcast').run?.split('\n').at(-1)).toBe('kubectl -n video delete pod rx');
});

test('a static pod is the node’s, and an operator’s pod is deleted; its template is for people', () => {
  expect(recreateStep(pod({ kind: 'Node', name: 'node1' }), 'mcast')).toMatchObject({
    on: 'node/node1',
    title: expect.stringContaining(`annotation ${NETWORKS_ANNOTATION}: mcast`),
  });
  expect(recreateStep(pod({ kind: 'Job' }), undefined).run).toBe('kubectl -n video delete pod rx');
  expect(recreateStep(pod({ kind: 'Job' }), 'mcast')).toEqual({
    on: 'cluster',
    title: `Create the pods of Job rx anew with the annotation ${NETWORKS_ANNOTATION}: mcast in its pod template`,
  });
});

test('undo gives the former annotation back, and only where it was changed', () => {
  expect(undoRecreate(pod({ networks: 'mcast' }), undefined)).toEqual([]);
  expect(undoRecreate(pod({ networks: 'mcast' }), 'mcast')).toEqual([]);
  expect(undoRecreate(pod({}), 'mcast')).toEqual([expect.stringContaining(`"${NETWORKS_ANNOTATION}":null`)]);
  expect(undoRecreate(pod({ networks: 'old' }), 'mcast')).toEqual([
    expect.stringContaining(`"${NETWORKS_ANNOTATION}":"old"`),
  ]);
  expect(undoRecreate(pod(), 'mcast,more')).toEqual([expect.stringContaining(`${NETWORKS_ANNOTATION}=mcast `)]);
  expect(undoRecreate(pod(), 'mcast')).toEqual([]);
  expect(undoRecreate(pod({ kind: 'ReplicaSet' }), 'mcast')[0]).toContain('delete pod rx');
});
