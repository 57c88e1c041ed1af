import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasManyUsers } from '../../../src/lab/host/many-users.ts';
import { type Bench, noNetworks, startBench } from './kit.ts';

let bench: Bench;
/** What attach does next: an error, once. */
const failures: string[] = [];
const detached: string[] = [];
/** All calls, in their order. */
const calls: string[] = [];

beforeAll(async () => {
  const networks = noNetworks({
    async attach(pod) {
      calls.push(`attach ${pod.metadata.name}`);
      const why = failures.shift();
      if (why !== undefined) throw new Error(`Failed to create pod sandbox: ${why}`);
      return { addresses: ['10.44.1.2'] };
    },
    async detach(pod) {
      detached.push(pod.metadata.name);
      await new Promise((resolve) => setTimeout(resolve, 100));
      calls.push(`detached ${pod.metadata.name}`);
    },
  });
  bench = await startBench(hasManyUsers(), { networks, allowedSysctls: ['net.ipv4.conf.lo.rp_filter'] });
});
afterAll(() => bench.end());

type Pod = Awaited<ReturnType<Bench['until']>>;
const running = (pod: Pod) => pod.status.phase === 'Running';
const ended = (pod: Pod) => /Succeeded|Failed/.test(pod.status.phase);
const first = (pod: Pod) => pod.status.containerStatuses?.[0];
const waiting = (reason: string) => (pod: Pod) => first(pod)?.state.waiting?.reason === reason;

describe('a sandbox', () => {
  it('whose network cannot be made is made anew until it can', async () => {
    failures.push('cannot find a network-attachment-definition (lan) in namespace (test)');
    bench.pod('nad', { c: { command: ['sleep', '1000'] } });
    const pod = await bench.until('nad', ({ status }) => status.containerStatuses && bench.events('nad').length > 0);
    expect(pod.status).toMatchObject({
      phase: 'Pending',
      containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }],
    });
    expect(bench.events('nad')[0]).toMatch(/^Warning FailedCreatePodSandBox Failed to create pod sandbox: cannot find/);
    expect(detached).toContain('nad');
    await bench.until('nad', running);
  });

  it('has the sysctls of the pod', async () => {
    bench.pod('sysctl', {
      securityContext: {
        sysctls: [
          { name: 'net.ipv4.ip_unprivileged_port_start', value: '80' },
          { name: 'net.ipv4.conf.lo.rp_filter', value: '2' },
        ],
      },
      c: { command: ['sleep', '1000'] },
    });
    await bench.until('sysctl', running);
    const net = '/proc/sys/net/ipv4';
    const { out } = await bench.exec('sysctl', [
      'cat',
      `${net}/ip_unprivileged_port_start`,
      `${net}/conf/lo/rp_filter`,
    ]);
    expect(out).toBe('80\n2\n');
  });

  it('is refused to a pod with a sysctl that is not allowed', async () => {
    bench.pod('forbidden', {
      securityContext: { sysctls: [{ name: 'net.ipv4.conf.all.rp_filter', value: '0' }] },
      c: {},
    });
    const { status } = await bench.until('forbidden', ended);
    expect(status).toMatchObject({
      phase: 'Failed',
      reason: 'SysctlForbidden',
      message: 'Pod was rejected: forbidden sysctl: "net.ipv4.conf.all.rp_filter" not allowlisted',
    });
    bench.store.remove('pods', 'test', 'forbidden');
    await bench.gone('forbidden');
  });

  it('is made when that of a former pod of the same name is gone', async () => {
    bench.pod('twin', { c: { command: ['sleep', '1000'] } });
    await bench.until('twin', running);
    bench.store.remove('pods', 'test', 'twin', { grace: 0 });
    bench.pod('twin', { c: { command: ['sleep', '1000'] } });
    await bench.until('twin', running);
    expect(calls.filter((call) => call.endsWith(' twin'))).toEqual(['attach twin', 'detached twin', 'attach twin']);
  });

  it('is given up when the pod has ended', async () => {
    bench.pod('over', { restartPolicy: 'Never', c: { command: ['sh', '-c', 'exit 0'] } });
    await bench.until(
      'over',
      ({ status }) => status.conditions?.[0].status === 'False' && status.phase === 'Succeeded',
    );
    expect(detached).toContain('over');
  });
});

describe('containers', () => {
  it('are started anew, at longer and longer intervals', async () => {
    bench.pod('crash', {
      c: { command: ['sh', '-c', 'echo a; exit 3'], terminationMessagePolicy: 'FallbackToLogsOnError' },
    });
    const pod = await bench.until('crash', waiting('CrashLoopBackOff'));
    expect(first(pod)).toMatchObject({
      ready: false,
      restartCount: 1,
      lastState: { terminated: { exitCode: 3, reason: 'Error', message: 'a\n' } },
      state: {
        waiting: { message: expect.stringMatching(/^back-off 0\.3s restarting failed container=c pod=crash_test\(/) },
      },
    });
    expect(pod.status.phase).toBe('Running');
    await bench.until('crash', (it) => first(it).state.waiting?.message?.startsWith('back-off 0.6s'));
    await bench.until('crash', (it) => first(it).restartCount >= 3);
    expect(await bench.log('crash', { previous: true })).toBe('a\n');
    expect(bench.events('crash').join()).toContain(
      'Warning BackOff Back-off restarting failed container c in pod crash_test(',
    );
  });

  it('run after the init containers, one after the other', async () => {
    const init = (name: string) => ({
      name,
      image: 'lab/busybox:1',
      command: ['sh', '-c', `echo ${name} >>/v/x`],
      volumeMounts: [{ name: 'v', mountPath: '/v' }],
    });
    bench.pod('init', {
      restartPolicy: 'Never',
      volumes: [{ name: 'v', emptyDir: {} }],
      initContainers: [init('one'), init('two')],
      c: { command: ['cat', '/v/x'], volumeMounts: [{ name: 'v', mountPath: '/v' }] },
    });
    const { status } = await bench.until('init', ended);
    expect(await bench.log('init')).toBe('one\ntwo\n');
    expect(status.initContainerStatuses).toMatchObject([
      { name: 'one', ready: true, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
      { name: 'two', ready: true },
    ]);
  });

  it('do not run when an init container fails', async () => {
    bench.pod('initfail', {
      restartPolicy: 'Never',
      initContainers: [{ name: 'i', image: 'lab/busybox:1', command: ['false'] }],
      c: {},
    });
    const { status } = await bench.until('initfail', ended);
    expect(status.phase).toBe('Failed');
    expect(status.containerStatuses[0].state).toEqual({ waiting: { reason: 'PodInitializing' } });
  });

  it.each([
    [
      'ErrImageNeverPull',
      { image: 'lab/nosuch:1', imagePullPolicy: 'Never' },
      /^Container image "lab\/nosuch:1" is not present with pull policy of Never$/,
    ],
    ['ErrImagePull', { image: 'registry.example/x' }, /failed to resolve reference "registry.example\/x:latest"/],
    [
      'CreateContainerConfigError',
      { securityContext: { runAsNonRoot: true } },
      /^container has runAsNonRoot and image will run as root \(pod: "bad.*_test\(.*\)", container: c\)$/,
    ],
    [
      'CreateContainerConfigError',
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'absent', key: 'x' } } }] },
      /^configmap "absent" not found$/,
    ],
    [
      'RunContainerError',
      { command: ['nosuch'] },
      /OCI runtime create failed: runc create failed: unable to start container process: exec: "nosuch": executable file not found in \$PATH: unknown$/,
    ],
  ])('wait with %s', async (reason, c, message) => {
    const name = `bad${bench.store.list('pods').length}`;
    bench.pod(name, { c: { command: ['sleep', '1'], ...c } });
    const pod = await bench.until(name, waiting(reason));
    expect(first(pod).state.waiting.message).toMatch(message);
    expect(bench.events(name).join('\n')).toContain('Warning Failed');
    bench.store.remove('pods', 'test', name, { grace: 0 });
  });

  it('heal when what they need comes', async () => {
    bench.pod('heals', {
      volumes: [{ name: 'v', configMap: { name: 'late' } }],
      c: { command: ['sleep', '1000'], volumeMounts: [{ name: 'v', mountPath: '/v' }] },
    });
    await bench.until('heals', () => bench.events('heals').some((event) => event.includes('FailedMount')));
    expect(bench.events('heals')).toContain(
      'Warning FailedMount MountVolume.SetUp failed for volume "v" : configmap "late" not found',
    );
    bench.store.create('configmaps', { metadata: { name: 'late', namespace: 'test' }, data: { file: 'text' } });
    await bench.until('heals', running);
    expect((await bench.exec('heals', ['cat', '/v/file'])).out).toBe('text');
  });

  it('end with their pod at its deadline', async () => {
    bench.pod('deadline', { activeDeadlineSeconds: 1, c: { command: ['sleep', '1000'] } });
    const { status } = await bench.until('deadline', ended);
    expect(status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' });
  });

  it.each([
    ['OnFailure', 0, 'Succeeded', 0],
    ['OnFailure', 1, 'Running', 1],
    ['Never', 1, 'Failed', 0],
    ['Always', 0, 'Running', 1],
  ])('with restartPolicy %s and status %i make the pod %s', async (restartPolicy, code, phase, restarts) => {
    const name = `policy-${restartPolicy.toLowerCase()}-${code}`;
    bench.pod(name, { restartPolicy, c: { command: ['sh', '-c', `exit ${code}`] } });
    const pod = await bench.until(
      name,
      (it) => it.status.phase === phase && first(it).restartCount >= restarts && !first(it).state.running,
    );
    expect(first(pod).restartCount).toBeGreaterThanOrEqual(restarts);
    bench.store.remove('pods', 'test', name, { grace: 0 });
  });
});
