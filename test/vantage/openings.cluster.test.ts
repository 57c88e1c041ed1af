import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { Opened } from '../../src/facts/observe/access.ts';
import { type OpeningOptions, Openings } from '../../src/vantage/openings.ts';
import type { Pod } from '../../src/vantage/pod.ts';
import type { Vantage } from '../../src/vantage/vantage.ts';
import { container, dropNamespace, enterPod, everything, makeNamespace, makePod, NS, observe, SLEEP } from './kit.ts';

const STRICT = `${NS}-strict`;
const LOCKED = {
  runAsUser: 1000,
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};
const LOOK = { duration: 20, groups: [] };
let cluster: Cluster;
let locked: Pod;
let strict: Pod;
let bare: Pod;
let told: string[] = [];

function openings(options: Partial<OpeningOptions> = {}, on = cluster): Openings {
  told = [];
  const announce = (text: string): number => told.push(text);
  const { signal } = new AbortController();
  const usual = { namespaces: [NS], run: 'abcd1234', privileged: true, dryRun: false, seconds: 60, announce, signal };
  return new Openings(on, { ...usual, ...options });
}

function vantageOf(opened: Opened): Vantage {
  if ('refused' in opened) throw new Error(opened.refused);
  return opened.vantage;
}

function refusalOf(opened: Opened): string | undefined {
  return 'refused' in opened ? opened.refused : undefined;
}

beforeAll(async () => {
  cluster = await makeNamespace();
  await makeNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' }, STRICT);
  const readOnly = { ...LOCKED, readOnlyRootFilesystem: true };
  [locked, strict, bare] = await Promise.all([
    makePod(cluster, 'locked', { containers: [{ ...container('app', 'python', SLEEP), securityContext: readOnly }] }),
    makePod(
      cluster,
      'strict',
      { containers: [{ ...container('app', 'busybox', SLEEP), securityContext: LOCKED }] },
      undefined,
      STRICT,
    ),
    makePod(cluster, 'bare', { containers: [container('app', 'distroless')] }),
  ]);
});
afterAll(() => Promise.all([dropNamespace(cluster), dropNamespace(cluster, STRICT)]));

describe('openings', () => {
  it('read a locked-down pod by exec, and look at it by one node pod for all', async () => {
    const ways = openings();
    const exec = vantageOf(await ways.exec(locked));
    const heard = await observe(exec, { kind: 'here' }, {}, LOOK);
    expect(heard.of('file')[0]?.text).toMatch(/eth0/);
    expect(heard.of('failed')).toMatchObject([{ what: 'look', error: 'Operation not permitted' }]);
    expect(told).toEqual([]);
    const [node, again] = await Promise.all([ways.nodePod('node1'), ways.nodePod('node1')]);
    expect(vantageOf(again)).toBe(vantageOf(node));
    const seen = await observe(vantageOf(node), enterPod(locked), {}, LOOK);
    expect(seen.of('look')).toHaveLength(1);
    expect(told).toEqual([expect.stringMatching(/^creating privileged pod kmcast-\w+ on node node1 in namespace/)]);
    await ways.close();
    expect(await everything(cluster)).toEqual(['bare', 'locked']);
  });

  it('say why a way is not taken', async () => {
    const forced = openings({ privileged: false, force: 'node-pod' });
    expect(refusalOf(await forced.exec(bare))).toBe('--vantage node-pod was asked for');
    expect(refusalOf(await forced.nodePod('node1'))).toMatch(/--no-privileged/);
    expect(refusalOf(await openings().exec(bare, 'nope'))).toMatch(/no container .* is running by the name nope/);
  });

  it('name the missing permission', async () => {
    const poor: Cluster = {
      ...cluster,
      can: async ({ resource, subresource }) => ({
        allowed: subresource !== 'exec' && resource !== 'jobs',
        reason: `${resource} denied`,
      }),
    };
    const ways = openings({}, poor);
    expect(refusalOf(await ways.exec(locked))).toBe('pods denied');
    expect(refusalOf(await ways.nodePod('node1'))).toBe('jobs denied; pods denied');
    expect(refusalOf(await ways.ephemeral(locked))).toBe('pods denied');
  });

  it('create nothing in a dry run, and say what they would', async () => {
    const before = await everything(cluster);
    const ways = openings({ dryRun: true });
    expect(refusalOf(await ways.ephemeral(bare))).toMatch(/--dry-run/);
    expect(refusalOf(await ways.exec(bare))).toMatch(/--dry-run/);
    expect(refusalOf(await ways.ephemeral(bare))).toMatch(/--dry-run/);
    expect(refusalOf(await ways.nodePod('node1'))).toMatch(/--dry-run/);
    // Never where the node pod would look.
    expect(refusalOf(await ways.ephemeral(bare))).toMatch(/--dry-run/);
    expect(told).toEqual([
      `would add an ephemeral container to pod ${NS}/bare, whose entry Kubernetes keeps`,
      `would run a reading agent in pod ${NS}/bare by exec`,
      `would, if no agent runs there, add an ephemeral container to pod ${NS}/bare, whose entry Kubernetes keeps`,
      `would create a privileged pod on node node1 in namespace ${NS}`,
    ]);
    expect(await everything(cluster)).toEqual(before);
  });

  it('know Pod Security, by the label and by the controller’s word', async () => {
    const byLabel = await openings({ namespaces: [STRICT] }).nodePod('node1');
    expect(refusalOf(byLabel)).toBe(
      `namespace ${STRICT} enforces Pod Security restricted, which refuses privileged pods`,
    );
    const blind: Cluster = {
      ...cluster,
      get: (path, query) =>
        path === `/api/v1/namespaces/${STRICT}` ? Promise.reject(new Error('forbidden')) : cluster.get(path, query),
    };
    const byEvent = await openings({ namespaces: [STRICT] }, blind).nodePod('node1');
    expect(refusalOf(byEvent)).toMatch(/refuses the pod: pods "kmcast-.*violates PodSecurity "restricted/);
    expect(await everything(cluster, STRICT)).toEqual(['strict']);
  });

  it('look from an ephemeral container, which ends at once', async () => {
    const ways = openings({ image: 'localhost/python:1' });
    const vantage = vantageOf(await ways.ephemeral(bare));
    expect(vantage.description).toMatch(/^ephemeral container kmcast-\w+ in pod .*\/bare, whose entry stays$/);
    const heard = await observe(vantage, { kind: 'here' }, {}, LOOK);
    expect(heard.of('look')[0]?.interfaces).toEqual(['eth0']);
    await ways.close();
    const path = `/api/v1/namespaces/${NS}/pods`;
    const ended = await cluster.watch<Pod>(path, { fieldSelector: 'metadata.name=bare' }, 4000, (_, pod) =>
      Boolean(pod.status?.ephemeralContainerStatuses?.[0]?.state?.terminated),
    );
    expect(ended).toBe(true);
  });

  it('get into a restricted namespace without the right to look', async () => {
    const ways = openings({ image: 'localhost/python:1' });
    const vantage = vantageOf(await ways.ephemeral(strict));
    expect(vantage.description).toMatch(/without the right to look/);
    const heard = await observe(vantage, { kind: 'here' }, {}, LOOK);
    expect(heard.of('failed')).toMatchObject([{ what: 'look', error: 'Operation not permitted' }]);
    expect(heard.of('file')[0]?.text).toMatch(/eth0/);
    await ways.close();
  });
});
