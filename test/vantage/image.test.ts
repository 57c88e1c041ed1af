import { expect, it } from 'vitest';
import { DEFAULT_IMAGE, imageRounds, likelyImages } from '../../src/vantage/image.ts';
import { nodePodJob } from '../../src/vantage/node-pod-job.ts';
import type { Node } from '../../src/vantage/pod.ts';

function node(...names: string[][]): Node {
  return { metadata: { name: 'n' }, status: { images: names.map((list) => ({ names: list })) } };
}

it('tries the operator’s image alone, by each program that could hold it', () => {
  const rounds = imageRounds('a/b:1', node(['x/netshoot:1']));
  expect(rounds.map((round) => round.map(({ image, holder, pullPolicy }) => [image, holder, pullPolicy]))).toEqual([
    [
      ['a/b:1', 'sh', 'IfNotPresent'],
      ['a/b:1', 'python3', 'IfNotPresent'],
      ['a/b:1', 'node', 'IfNotPresent'],
    ],
  ]);
});

it('ranks what is on the node, and pulls the default last', () => {
  const images = node(
    ['registry.k8s.io/pause@sha256:1', 'registry.k8s.io/pause:3.9'],
    ['app/thing:2'],
    ['quay.io/calico/node@sha256:2', 'quay.io/calico/node:v3'],
    ['ghcr.io/k8snetworkplumbingwg/multus-cni:v4-thick'],
    ['nicolaka/netshoot:v0.12'],
    [],
    ['sha@sha256:3'],
  );
  const order = [
    'nicolaka/netshoot:v0.12',
    'ghcr.io/k8snetworkplumbingwg/multus-cni:v4-thick',
    'quay.io/calico/node:v3',
    'app/thing:2',
    'sha@sha256:3',
    'registry.k8s.io/pause:3.9',
  ];
  expect(likelyImages(images)).toEqual(order);
  const rounds = imageRounds(undefined, images);
  expect(rounds.flat().map(({ image }) => image)).toEqual([...order, DEFAULT_IMAGE]);
  expect(
    rounds
      .slice(0, -1)
      .flat()
      .every(({ pullPolicy }) => pullPolicy === 'Never'),
  ).toBe(true);
  expect(imageRounds(undefined, undefined)).toEqual([
    [{ image: DEFAULT_IMAGE, pullPolicy: 'IfNotPresent', holder: 'sh' }],
  ]);
});

it('bounds the number of pods that are tried', () => {
  const many = node(...Array.from({ length: 50 }, (_, index) => [`a/b${index}:1`]));
  expect(imageRounds(undefined, many).length).toBeLessThanOrEqual(5);
});

it('makes a Job that ends and vanishes by itself', () => {
  const candidates = [{ image: 'i', pullPolicy: 'Never', holder: 'sh' }] as const;
  const job = nodePodJob({ name: 'kmcast-1', namespace: 'n', node: 'w', run: 'r', seconds: 60, candidates });
  expect(job.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 60, ttlSecondsAfterFinished: 30 });
  expect(job.spec.template.spec).toMatchObject({
    nodeName: 'w',
    hostNetwork: true,
    hostPID: true,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    tolerations: [{ operator: 'Exists' }],
  });
  expect(job.spec.template.metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'kmcast', 'kmcast.io/run': 'r' });
  expect(job.spec.template.spec.containers).toMatchObject([
    { name: 'agent-0', command: ['sh', '-c', 'sleep 60'], securityContext: { privileged: true } },
  ]);
});
