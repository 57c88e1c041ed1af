import { afterEach, expect, it, vi } from 'vitest';
import { type Cluster, ClusterError } from '../../src/cluster/cluster.ts';
import { openJobPod } from '../../src/vantage/job-pod.ts';

const POD = { metadata: { name: 'kmcast-1-x', namespace: 'ops', uid: 'u' }, spec: { containers: [] }, status: {} };

/** A cluster whose kubelet never starts the pod. */
function stuck(events: Cluster['list']): { cluster: Cluster; removed: string[] } {
  const removed: string[] = [];
  const cluster = {
    create: async () => ({}),
    delete: async (path: string) => void removed.push(path),
    watch: async (
      _path: string,
      _query: object,
      _deadline: number,
      onEvent: (type: string, pod: object) => boolean,
    ) => {
      onEvent('ADDED', POD);
      return false;
    },
    exec: async () => ({ kind: 'not-started', message: 'container agent-1 is not running' }),
    list: events,
  };
  return { cluster: cluster as unknown as Cluster, removed };
}

async function reasonOf(events: Cluster['list']): Promise<{ message: string; removed: string[] }> {
  vi.useFakeTimers();
  const { cluster, removed } = stuck(events);
  const opening = openJobPod(cluster, {
    node: 'node7',
    namespace: 'ops',
    seconds: 60,
    rounds: [[{ image: 'a/b:1', pullPolicy: 'Never', holder: 'sh' }]],
    job: () => ({}),
    announce: () => undefined,
  }).catch((error: Error) => error);
  await vi.advanceTimersByTimeAsync(30_000);
  return { message: String((await opening) as Error), removed };
}
afterEach(() => vi.useRealTimers());

const event = (type: string, reason: string, message: string, lastTimestamp: string) => ({
  metadata: { name: reason },
  type,
  reason,
  message,
  lastTimestamp,
});

it('says what the kubelet says last of a pod that does not start, and removes it', async () => {
  const events = [
    event('Warning', 'FailedCreatePodSandBox', 'Cilium API client timeout exceeded', '2026-11-21T10:00:09Z'),
    event('Warning', 'FailedMount', 'older', '2026-11-21T10:00:02Z'),
    event('Normal', 'Pulled', 'no matter', '2026-11-21T10:00:10Z'),
  ];
  const asked: unknown[] = [];
  const list = async (path: string, query?: object) => {
    asked.push([path, query]);
    return events;
  };
  const { message, removed } = await reasonOf(list as Cluster['list']);
  expect(message).toContain(
    'no pod came to run on node node7: FailedCreatePodSandBox: Cilium API client timeout exceeded',
  );
  const query = { fieldSelector: 'involvedObject.kind=Pod,involvedObject.name=kmcast-1-x' };
  expect(asked).toEqual([['/api/v1/namespaces/ops/events', query]]);
  expect(removed[0]).toMatch(/\/namespaces\/ops\/jobs\/kmcast-/);
});

it('says what it knows by itself where events may not be read', async () => {
  const { message } = await reasonOf(() => Promise.reject(new ClusterError('forbidden', 'no')));
  expect(message).toContain('no container came to run in time: container agent-1 is not running');
});
