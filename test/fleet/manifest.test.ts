import { describe, expect, it } from 'vitest';
import { commonImages } from '../../src/fleet/image.ts';
import { type Crew, fleetConfig, fleetWorkload, guardJob } from '../../src/fleet/manifest.ts';
import { endOf, isReady, whyNotReady } from '../../src/fleet/pod.ts';
import { countFor, scheduleOf } from '../../src/fleet/schedule.ts';
import { jobOf } from './made.ts';

const objects = { name: 'kmcast-1', namespace: 'kmcast', run: 'abcd', seconds: 90 };
const owner = { name: 'kmcast-1-guard', uid: 'u1' };
const crew: Crew = {
  image: 'python:3',
  pullPolicy: 'Never',
  hostNetwork: true,
  grace: 12,
  placement: { kind: 'nodes', names: ['a', 'b'] },
};
const OURS = { 'app.kubernetes.io/managed-by': 'kmcast', 'kmcast.io/run': 'abcd' };
const TERMS = ['a', 'b'].map((name) => ({
  matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }],
}));

/** All that may be asked of a manifest's pods. */
function podOf(kind: 'DaemonSet' | 'Job', more: Partial<Crew> = {}) {
  return fleetWorkload(objects, owner, { ...crew, ...more }, kind).spec.template;
}

describe('the objects of a fleet', () => {
  it('belong to a guard without a pod that the cluster ends and removes', () => {
    const { spec, metadata } = guardJob(objects);
    expect(metadata.labels).toEqual(OURS);
    expect(spec).toMatchObject({ parallelism: 0, activeDeadlineSeconds: 90, ttlSecondsAfterFinished: 10 });
    const owned = [
      fleetConfig(objects, owner, 'x', {}),
      fleetWorkload(objects, owner, crew, 'Job'),
      fleetWorkload(objects, owner, crew, 'DaemonSet'),
    ];
    for (const object of owned) {
      expect(object.metadata.labels).toEqual(OURS);
      expect(object.metadata.ownerReferences).toEqual([{ apiVersion: 'batch/v1', kind: 'Job', ...owner }]);
    }
  });

  it('ask for no right but the network, and hold the program and the job once for all', () => {
    const config = fleetConfig(objects, owner, 'the program', jobOf(5000));
    expect(JSON.stringify(config).length).toBeLessThan(1 << 20);
    for (const kind of ['DaemonSet', 'Job'] as const) {
      const { spec, metadata } = podOf(kind);
      expect(metadata.labels).toEqual(OURS);
      expect(spec).toMatchObject({
        hostNetwork: true,
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true },
      });
      expect(spec).not.toHaveProperty('hostPID');
      expect(spec.containers[0]?.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(spec.containers[0]).not.toHaveProperty('resources');
      expect(JSON.stringify(spec).length).toBeLessThan(2500);
    }
  });

  it('are on the nodes that are named, one on each, and on all when none is', () => {
    const named = podOf('Job').spec.affinity;
    expect(named?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms).toEqual(TERMS);
    expect(named?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution[0]).toEqual({
      labelSelector: { matchLabels: OURS },
      topologyKey: 'kubernetes.io/hostname',
    });
    expect(fleetWorkload(objects, owner, crew, 'Job').spec).toMatchObject({ parallelism: 2, completions: 2 });
    const set = podOf('DaemonSet').spec.affinity;
    expect(set).toEqual({
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: TERMS } },
    });
    const all = podOf('DaemonSet', { placement: { kind: 'all' } }).spec;
    expect(all).not.toHaveProperty('affinity');
    expect(all.tolerations).toEqual([{ operator: 'Exists' }]);
    expect(all.restartPolicy).toBe('Always');
  });
});

describe('the pods of a fleet', () => {
  const spec = { nodeName: 'n1' };
  it('tell whose agent they are', () => {
    const affinity = podOf('DaemonSet', { placement: { kind: 'nodes', names: ['a'] } }).spec.affinity;
    expect(endOf({ metadata: { name: 'x' }, spec })).toBe('n1');
    expect(endOf({ metadata: { name: 'x' }, spec: { ...(affinity === undefined ? {} : { affinity }) } })).toBe('a');
    expect(
      endOf({ metadata: { name: 'x', annotations: { 'batch.kubernetes.io/job-completion-index': '7' } }, spec }),
    ).toBe('7');
    expect(endOf({ metadata: { name: 'x' }, spec: {} })).toBeUndefined();
  });

  it('tell why they are not ready', () => {
    const pod = (status: object) => ({ metadata: { name: 'x' }, spec, status });
    const waiting = { name: 'agent', state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } };
    expect(whyNotReady(pod({ containerStatuses: [waiting] }))).toBe(
      'its agent did not get ready (ImagePullBackOff: no such image)',
    );
    const unscheduled = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'too many pods' };
    expect(whyNotReady(pod({ conditions: [unscheduled] }))).toMatch(/Unschedulable: too many pods/);
    expect(isReady(pod({ conditions: [{ type: 'Ready', status: 'True' }] }))).toBe(true);
    expect(isReady(pod({ conditions: [{ type: 'Ready', status: 'False' }] }))).toBe(false);
  });
});

describe('the schedule', () => {
  it('gives no receiver more than 5000 datagrams a second, and a matrix its end', () => {
    for (const senders of [1, 2, 50, 200, 1000, 3000]) {
      const count = countFor(senders, 100);
      const { atOnce, wave, window, delay } = scheduleOf(senders, senders, { count, rate: 50 });
      expect(atOnce * 50).toBeLessThanOrEqual(5000);
      const sending = Math.ceil(senders / atOnce) * wave;
      expect(window).toBeGreaterThan(delay + sending);
      if (senders <= 1000) expect(sending).toBeLessThanOrEqual(10_000);
    }
    expect([countFor(10, 100), countFor(1000, 100), countFor(100_000, 100)]).toEqual([100, 50, 10]);
    expect(scheduleOf(5, 5, { count: 10, rate: 20_000 }).atOnce).toBe(1);
  });
});

it('takes images that every node has', () => {
  const node = (...names: string[]) => ({
    metadata: { name: 'n' },
    status: { images: names.map((name) => ({ names: [`${name}@sha256:1`, name] })) },
  });
  const all = commonImages([
    node('busybox', 'python:3', 'netshoot'),
    node('python:3', 'busybox'),
    node('busybox', 'x', 'python:3'),
  ]);
  expect(all).toEqual(['python:3', 'busybox']);
  expect(commonImages([])).toEqual([]);
});
