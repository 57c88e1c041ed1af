/** Where pods are put, and what they are. */
import { expect, it } from 'vitest';
import { chooseNodes, type SchedulableNode } from '../../src/conformance/nodes.ts';
import { describePlacements, placementsOf } from '../../src/conformance/placement.ts';
import { plainPodJob, userFor } from '../../src/conformance/pod-job.ts';

function node(name: string, more: SchedulableNode['spec'] = {}, ready = 'True', os = 'linux'): SchedulableNode {
  return {
    metadata: { name, labels: { 'kubernetes.io/os': os } },
    spec: more,
    status: { conditions: [{ type: 'Ready', status: ready }] },
  };
}

it('takes two nodes that are ready, those for everybody first', () => {
  const control = node('control', { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] });
  const soft = node('soft', { taints: [{ key: 'x', effect: 'PreferNoSchedule' }] });
  const others = [
    node('down', {}, 'Unknown'),
    node('windows', {}, 'True', 'windows'),
    node('cordoned', { unschedulable: true }),
  ];
  expect(chooseNodes([control, ...others, soft, node('a'), node('b')])).toEqual(['soft', 'a']);
  expect(chooseNodes([control, ...others, node('a')])).toEqual(['a', 'control']);
  expect(chooseNodes(others.slice(0, 2))).toEqual([]);
});

const roles = (wishes: Parameters<typeof placementsOf>[0]) =>
  placementsOf(wishes).map(({ role, node, namespace, hostNetwork }) =>
    [role, node, namespace, ...(hostNetwork ? ['host'] : [])].join(' '),
  );

it('puts what the cases need on two nodes, and a member on each further one', () => {
  expect(roles({ nodes: ['a', 'b', 'c'], namespace: 'n', other: 'o', host: 'h' })).toEqual([
    'sender a n',
    'member a n',
    'member b n',
    'member c n',
    'bystander a n',
    'bystander b n',
    'other-namespace a o',
    'other-namespace b o',
    'host a h host',
    'host b h host',
  ]);
  expect(roles({ nodes: ['a'], namespace: 'n' })).toEqual(['sender a n', 'member a n', 'bystander a n']);
});

it('announces them by namespace and node', () =>
  expect(describePlacements(placementsOf({ nodes: ['a', 'b'], namespace: 'n', host: 'n' }))).toBe(
    '5 pods in namespace n (a: 3, b: 2), 2 pods in namespace n with hostNetwork (a: 1, b: 1)',
  ));

it('makes pods that Pod Security "restricted" takes, and that end by themselves', () => {
  const wishes = { name: 'kmcast-1', namespace: 'n', node: 'a', run: 'r', seconds: 60, user: userFor(undefined) };
  const candidates = [{ image: 'i', pullPolicy: 'Never', holder: 'python3' }] as const;
  const job = plainPodJob({ ...wishes, hostNetwork: false, candidates });
  expect(job.spec).toMatchObject({ activeDeadlineSeconds: 60, ttlSecondsAfterFinished: 30, backoffLimit: 0 });
  expect(job.metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'kmcast', 'kmcast.io/run': 'r' });
  const { spec } = job.spec.template;
  expect(spec).toMatchObject({
    nodeName: 'a',
    securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
    automountServiceAccountToken: false,
  });
  expect(spec).not.toHaveProperty('hostNetwork');
  expect(spec.containers).toEqual([
    {
      name: 'agent-0',
      image: 'i',
      imagePullPolicy: 'Never',
      command: ['python3', '-c', 'import time; time.sleep(60)'],
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ]);
  expect(plainPodJob({ ...wishes, hostNetwork: true, candidates }).spec.template.spec).toMatchObject({
    hostNetwork: true,
  });
});

it('runs as a user of the namespace’s own range where it has one', () => {
  expect(userFor({ 'openshift.io/sa.scc.uid-range': '1000650000/10000' })).toBe(1_000_650_000);
  expect(userFor({ 'openshift.io/sa.scc.uid-range': 'odd' })).toBe(65_534);
});
