import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { Ladder, type LadderOptions } from '../../src/vantage/ladder.ts';
import type { Pod } from '../../src/vantage/pod.ts';
import { container, dropNamespace, everything, makeNamespace, makePod, NS, observe, SLEEP } from './kit.ts';

const STRICT = `${NS}-strict`;
const LOCKED = {
  runAsUser: 1000,
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};
let cluster: Cluster;
let open: Pod;
let locked: Pod;
let strict: Pod;
let bare: Pod;
let told: string[] = [];

function ladder(options: Partial<LadderOptions> = {}): Ladder {
  told = [];
  const announce = (text: string): number => told.push(text);
  return new Ladder(cluster, { namespace: NS, run: 'abcd1234', privileged: true, dryRun: false, announce, ...options });
}

beforeAll(async () => {
  cluster = await makeNamespace();
  await makeNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' }, STRICT);
  const lockedApp = {
    ...container('app', 'python', SLEEP),
    securityContext: { ...LOCKED, readOnlyRootFilesystem: true },
  };
  const command = { ...container('app', 'busybox', SLEEP), securityContext: LOCKED };
  [open, locked, strict, bare] = await Promise.all([
    makePod(cluster, 'open', { containers: [container('app', 'python', SLEEP)] }),
    makePod(cluster, 'locked', { containers: [lockedApp] }),
    makePod(cluster, 'strict', { containers: [command] }, undefined, STRICT),
    makePod(cluster, 'bare', { containers: [container('app', 'distroless')] }),
  ]);
});
afterAll(() => Promise.all([dropNamespace(cluster), dropNamespace(cluster, STRICT)]));

describe('the ladder', () => {
  it('takes exec where that can look, and announces nothing', async () => {
    const choice = await ladder().forPod(open, 'look');
    expect(choice).toMatchObject({ vantage: { kind: 'exec' }, enter: { kind: 'here' }, refused: [] });
    expect(told).toEqual([]);
  });

  it('reads a locked-down pod by exec, and looks by the node', async () => {
    const steps = ladder();
    expect((await steps.forPod(locked, 'read')).vantage?.kind).toBe('exec');
    const choice = await steps.forPod(locked, 'look');
    expect(choice.vantage?.kind).toBe('node-pod');
    expect(choice.refused).toEqual([{ kind: 'exec', reason: 'it cannot capture: Operation not permitted' }]);
    const heard = await observe(choice.vantage!, choice.enter, {}, { duration: 20, groups: [] });
    expect(heard.of('look')).toHaveLength(1);
    // The node pod is there: what comes next on that node uses it.
    expect((await steps.forPod(bare, 'look')).vantage).toBe(choice.vantage);
    expect((await steps.forNode('node1')).vantage).toBe(choice.vantage);
    expect(told).toEqual([expect.stringMatching(/^creating privileged pod kmcast-\w+ on node node1 in namespace/)]);
    await steps.close();
    expect(await everything(cluster)).toEqual(['bare', 'locked', 'open']);
  });

  it('says of each rung why it was not taken', async () => {
    const steps = ladder({ privileged: false, force: 'node-pod' });
    const choice = await steps.forPod(bare, 'read');
    expect(choice.vantage).toBeUndefined();
    expect(choice.refused).toEqual([
      { kind: 'exec', reason: '--vantage node-pod was asked for' },
      { kind: 'node-pod', reason: 'it is privileged, and --no-privileged was given' },
      { kind: 'ephemeral', reason: '--vantage node-pod was asked for' },
    ]);
    const exec = await ladder({ force: 'exec' }).forPod(bare, 'read');
    expect(exec.refused[0]?.reason).toMatch(/no shell, python3, perl or node/);
  });

  it('does nothing in a dry run but say what it would', async () => {
    const before = await everything(cluster);
    const choice = await ladder({ dryRun: true }).forPod(bare, 'look');
    expect(choice.vantage).toBeUndefined();
    expect(told).toEqual([
      `would create a privileged pod on node node1 in namespace ${NS}`,
      `would add an ephemeral container to pod ${NS}/bare, whose entry Kubernetes keeps`,
    ]);
    expect(await everything(cluster)).toEqual(before);
  });

  it('knows Pod Security, by the label and by the controller’s word', async () => {
    const choice = await ladder({ namespace: STRICT, force: 'node-pod' }).forNode('node1');
    expect(choice.refused[0]?.reason).toBe(
      `namespace ${STRICT} enforces Pod Security restricted, which refuses privileged pods`,
    );
    const blind: Cluster = {
      ...cluster,
      get: (path, query) =>
        path === `/api/v1/namespaces/${STRICT}` ? Promise.reject(new Error('forbidden')) : cluster.get(path, query),
    };
    const unread = await new Ladder(blind, {
      namespace: STRICT,
      run: 'abcd1234',
      privileged: true,
      dryRun: false,
      announce: () => {},
    }).forNode('node1');
    expect(unread.refused[0]?.reason).toMatch(/refuses the node pod: pods "kmcast-.*violates PodSecurity "restricted/);
    expect(await everything(cluster, STRICT)).toEqual(['strict']);
  });

  it('names the missing permission', async () => {
    const poor: Cluster = {
      ...cluster,
      can: async ({ resource, subresource }) => ({
        allowed: subresource !== 'exec' && resource !== 'jobs',
        reason: `${resource} denied`,
      }),
    };
    const choice = await new Ladder(poor, {
      namespace: NS,
      run: 'r',
      privileged: true,
      dryRun: false,
      announce: () => {},
    }).forPod(open, 'read');
    expect(choice.refused).toEqual([
      { kind: 'exec', reason: 'pods denied' },
      { kind: 'node-pod', reason: 'jobs denied; jobs denied; pods denied' },
      { kind: 'ephemeral', reason: 'pods denied' },
    ]);
  });

  it('looks from an ephemeral container, which ends at once', async () => {
    const steps = ladder({ force: 'ephemeral', image: 'localhost/python:1' });
    const { vantage, enter } = await steps.forPod(bare, 'look');
    expect(vantage?.description).toMatch(/^ephemeral container kmcast-\w+ in pod .*\/bare, whose entry stays$/);
    const heard = await observe(vantage!, enter, {}, { duration: 20, groups: [] });
    expect(heard.of('look')[0]?.interfaces).toEqual(['eth0']);
    await steps.close();
    const ended = await cluster.watch<Pod>(
      `/api/v1/namespaces/${NS}/pods`,
      { fieldSelector: 'metadata.name=bare' },
      4000,
      (_, pod) => Boolean(pod.status?.ephemeralContainerStatuses?.[0]?.state?.terminated),
    );
    expect(ended).toBe(true);
  });

  it('gets into a restricted namespace without the right to look', async () => {
    const steps = ladder({ force: 'ephemeral', image: 'localhost/python:1' });
    const { vantage, enter, refused } = await steps.forPod(strict, 'read');
    expect(refused.map(({ kind }) => kind)).toEqual(['exec', 'node-pod']);
    expect(vantage?.description).toMatch(/without the right to look/);
    const heard = await observe(vantage!, enter, {}, { duration: 20, groups: [] });
    expect(heard.of('failed')).toMatchObject([{ what: 'look', error: 'Operation not permitted' }]);
    expect(heard.of('file')[0]?.text).toMatch(/eth0/);
    await steps.close();
  });
});
