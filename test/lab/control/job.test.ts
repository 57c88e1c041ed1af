import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nextIndexes, writeIndexes } from '../../../src/lab/control/job-indexes.ts';
import { StatusError } from '../../../src/lab/store.ts';
import { finish, settled, startCluster, type TestCluster, template } from './kit.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = startCluster();
});
afterEach(() => cluster.close());

const JOBS = 'jobs.batch';

function create(spec: object = {}): void {
  cluster.store.create(JOBS, {
    metadata: { name: 'work', namespace: 'default' },
    spec: { template: template({}, { restartPolicy: 'Never' }), ...spec },
  });
}

const job = () => cluster.store.get(JOBS, 'default', 'work');
const conditions = () =>
  (job()?.status.conditions ?? []).map(
    (c: { type: string; status: string; reason: string }) => `${c.type} ${c.reason}`,
  );

test('a job runs to its end, and says so as Kubernetes does', async () => {
  create();
  await settled(cluster);
  const [pod] = cluster.pods();
  expect(pod?.metadata.name).toMatch(/^work-[a-z0-9]{5}$/);
  expect(pod?.metadata.labels).toMatchObject({ 'batch.kubernetes.io/job-name': 'work', 'job-name': 'work' });
  expect(pod?.metadata.labels?.['controller-uid']).toBe(job()?.metadata.uid);
  expect(job()?.status).toMatchObject({ active: 1, ready: 1, terminating: 0, startTime: expect.any(String) });
  finish(cluster, pod!, 'Succeeded');
  await settled(cluster);
  expect(job()?.status).toMatchObject({ succeeded: 1, ready: 0, completionTime: expect.any(String) });
  expect(job()?.status.active).toBeUndefined();
  expect(conditions()).toEqual(['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached']);
  expect(cluster.messages('work')).toEqual([`Created pod: ${pod?.metadata.name}`, 'Job completed']);
});

test('so many at once, and so many in all', async () => {
  create({ completions: 3, parallelism: 2 });
  await settled(cluster);
  expect(cluster.pods()).toHaveLength(2);
  finish(cluster, cluster.pods()[0]!, 'Succeeded');
  await settled(cluster);
  expect(job()?.status).toMatchObject({ active: 2, succeeded: 1 });
  cluster.behave = () => 'Succeeded';
  for (const pod of cluster.pods()) if (pod.status.phase === 'Running') finish(cluster, pod, 'Succeeded');
  await settled(cluster);
  expect(job()?.status.succeeded).toBe(3);
  expect(conditions()).toContain('Complete CompletionsReached');
});

test('an indexed job gives each pod its number', async () => {
  cluster.behave = (pod) =>
    pod.metadata.labels?.['batch.kubernetes.io/job-completion-index'] === '1' ? 'ready' : 'Succeeded';
  create({ completionMode: 'Indexed', completions: 4, parallelism: 2 });
  await settled(cluster);
  const pods = cluster.pods();
  expect(pods.map((pod) => pod.metadata.name.replace(/-[a-z0-9]{5}$/, ''))).toEqual([
    'work-0',
    'work-1',
    'work-2',
    'work-3',
  ]);
  expect(pods[1]?.spec).toMatchObject({
    hostname: 'work-1',
    containers: [{ env: [{ name: 'JOB_COMPLETION_INDEX' }] }],
  });
  expect(pods[1]?.metadata.annotations).toEqual({ 'batch.kubernetes.io/job-completion-index': '1' });
  expect(job()?.status).toMatchObject({ active: 1, succeeded: 3, completedIndexes: '0,2,3' });
});

test('too many failures end it; before that it waits longer and longer', async () => {
  cluster.behave = () => 'Failed';
  create({ backoffLimit: 0 });
  await settled(cluster);
  expect(cluster.pods()).toHaveLength(1);
  expect(job()?.status.failed).toBe(1);
  expect(conditions()).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
  expect(cluster.messages('work')).toContain('Job has reached the specified backoff limit');

  cluster.store.create(JOBS, {
    metadata: { name: 'again', namespace: 'default' },
    spec: { backoffLimit: 3, template: template({}, { restartPolicy: 'Never' }) },
  });
  await settled(cluster);
  expect(cluster.store.get(JOBS, 'default', 'again')?.status.failed).toBe(1);
  expect(cluster.pods()).toHaveLength(2);
});

test('its time is over: the pods go, then it is failed', async () => {
  cluster.holdsPods = true;
  create({ activeDeadlineSeconds: 1 });
  await settled(cluster);
  await expect.poll(conditions, { timeout: 3000 }).toEqual(['FailureTarget DeadlineExceeded']);
  const [pod] = cluster.pods();
  expect(pod?.metadata.deletionTimestamp).toBeDefined();
  expect(job()?.status).toMatchObject({ terminating: 1 });
  cluster.store.purge('pods', 'default', pod!.metadata.name, pod!.metadata.uid);
  await settled(cluster);
  expect(conditions()).toEqual(['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded']);
  expect(cluster.messages('work')).toContain('Job was active longer than specified deadline');
  expect(cluster.pods()).toEqual([]);
});

test('after its end it is removed when its time to live is over, with its pods', async () => {
  cluster.behave = () => 'Succeeded';
  create({ ttlSecondsAfterFinished: 1 });
  await settled(cluster);
  expect(conditions()).toContain('Complete CompletionsReached');
  await expect.poll(job, { timeout: 4000 }).toBeUndefined();
  expect(cluster.pods()).toEqual([]);
});

test('a pod that is taken away counts as failed, and another follows after a while', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.now() });
  try {
    create();
    await settled(cluster);
    const [pod] = cluster.pods();
    cluster.holdsPods = true;
    cluster.store.remove('pods', 'default', pod!.metadata.name);
    await settled(cluster);
    expect(job()?.status).toMatchObject({ failed: 1, terminating: 1 });
    cluster.store.purge('pods', 'default', pod!.metadata.name, pod!.metadata.uid);
    vi.advanceTimersByTime(9_000);
    await settled(cluster);
    expect(cluster.pods()).toEqual([]);
    vi.advanceTimersByTime(2_000);
    await settled(cluster);
    expect(cluster.pods()).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

test('deleting it takes its pods along, and keeps none waiting', async () => {
  create({ parallelism: 2, completions: 2 });
  await settled(cluster);
  cluster.store.remove(JOBS, 'default', 'work', { propagation: 'Background' });
  await settled(cluster);
  expect([job(), cluster.pods()]).toEqual([undefined, []]);
});

test('a suspended job has no pods until it is resumed', async () => {
  create({ suspend: true });
  await settled(cluster);
  expect(cluster.pods()).toEqual([]);
  expect(job()?.status.startTime).toBeUndefined();
  expect(conditions()).toEqual(['Suspended JobSuspended']);
  cluster.store.mutate(JOBS, 'default', 'work', ({ spec }) => {
    spec.suspend = false;
  });
  await settled(cluster);
  expect(cluster.pods()).toHaveLength(1);
  expect(conditions()).toEqual(['Suspended JobResumed']);
});

test('what the API server refuses is an event of the job, and tried again', async () => {
  let refused = true;
  cluster.close();
  cluster = startCluster({
    admit: () => {
      if (refused) throw new StatusError(403, 'Forbidden', 'pods "work-" is forbidden: violates PodSecurity');
    },
  });
  create();
  await settled(cluster);
  expect(cluster.messages('work')).toEqual(['Error creating: pods "work-" is forbidden: violates PodSecurity']);
  refused = false;
  await expect.poll(() => cluster.pods().length, { timeout: 2000 }).toBe(1);
});

test('indexes are written in runs', () => {
  expect(writeIndexes([4, 0, 2, 3])).toBe('0,2-4');
  expect(writeIndexes([0, 1, 5])).toBe('0,1,5');
  expect(nextIndexes(5, new Set([0, 2]), 2)).toEqual([1, 3]);
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(30)), (indexes) => {
      const read = writeIndexes(indexes)
        .split(',')
        .filter((run) => run !== '')
        .flatMap((run) => {
          const [from = 0, to = from] = run.split('-').map(Number);
          return Array.from({ length: to - from + 1 }, (_, i) => from + i);
        });
      expect(read).toEqual([...indexes].sort((a, b) => a - b));
    }),
  );
});
