import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Fix } from '../../src/doctor/fix.ts';
import { NETWORKS_ANNOTATION } from '../../src/model/nad.ts';
import { buildPlan } from '../../src/plan/build.ts';
import { caseOf, nadConfig, type Patch } from '../doctor/snapshot.ts';

const MCAST: Fix = { kind: 'attachment', namespace: 'video', name: 'mcast', edits: [] };
const RECREATE: Fix = { kind: 'recreate' };
const withoutRoute: Patch = (d) => {
  d.cluster.attachments[0]!.config = nadConfig({}, { routes: undefined });
};

function plan(errors: Fix[], patch?: Patch, warnings: Fix[] = []) {
  return buildPlan(caseOf(patch), { errors, warnings }).plan;
}

/** Configurations by name of the manifests in the steps. */
function configs(steps: readonly { readonly manifest?: string }[]): Record<string, unknown> {
  const manifests = steps.flatMap((s) => (s.manifest === undefined ? [] : [parse(s.manifest)]));
  return Object.fromEntries(
    manifests.map((m) => [`${m.metadata.namespace}/${m.metadata.name}`, JSON.parse(m.spec.config)]),
  );
}

test('one attachment stands once, with all edits, before the commands, and the pod comes last', () => {
  const command: Fix = { kind: 'cluster', title: 'Do it', run: 'kubectl get pods', undo: 'kubectl undo' };
  const { steps, undo } = plan(
    [RECREATE, command, MCAST, { ...MCAST, edits: [{ set: 'master', value: 'eth2' }] }, command, RECREATE],
    withoutRoute,
    [{ ...MCAST, edits: [{ set: 'bcqueuelen', value: 5000 }] }],
  );
  expect(steps.map((s) => s.title)).toEqual([
    'Correct attachment video/mcast',
    'Do it',
    expect.stringContaining('Create pod rx anew'),
  ]);
  expect(configs(steps)).toEqual({
    'video/mcast': {
      ...JSON.parse(nadConfig()),
      master: 'eth2',
      bcqueuelen: 5000,
      ipam: { type: 'host-local', subnet: '10.50.0.0/24', routes: [{ dst: '239.10.20.30/32', gw: '0.0.0.0' }] },
    },
  });
  expect(undo).toHaveLength(2);
  expect(undo[1]).toBe('kubectl undo');
});

test('undo restores the attachment as it was, labels and annotations too, but not what kubectl keeps there by itself', () => {
  const { steps, undo } = plan([MCAST], (d) => {
    withoutRoute(d);
    const [nad] = d.cluster.attachments;
    Object.assign(nad!, {
      labels: { app: 'tv' },
      annotations: {
        'k8s.v1.cni.cncf.io/resourceName': 'a/b',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
      },
    });
  });
  const text = /^kubectl apply -f - <<'EOF'\n([\s\S]*)EOF$/.exec(undo[0]!)![1]!;
  expect(JSON.parse(parse(text).spec.config)).toEqual(JSON.parse(nadConfig({}, { routes: undefined })));
  for (const manifest of [parse(text), parse(steps[0]!.manifest!)])
    expect(manifest.metadata).toEqual({
      name: 'mcast',
      namespace: 'video',
      labels: { app: 'tv' },
      annotations: { 'k8s.v1.cni.cncf.io/resourceName': 'a/b' },
    });
});

test('a sound attachment is no step; one that the new pod uses anyway is righted with it', () => {
  expect(plan([MCAST]).steps).toEqual([]);
  expect(configs(plan([RECREATE], withoutRoute).steps)).toHaveProperty('video/mcast');
  expect(plan([], withoutRoute, [MCAST]).steps).toEqual([]);
});

test('only the attachment that carries the group gets its routes', () => {
  const { steps } = plan([RECREATE], (d) => {
    withoutRoute(d);
    d.pod.annotations[NETWORKS_ANNOTATION] = 'mcast,other';
    d.cluster.attachments.push({
      namespace: 'video',
      name: 'other',
      config: nadConfig({ master: 'eth2' }, { routes: undefined }),
    });
  });
  expect(Object.keys(configs(steps))).toEqual(['video/mcast']);
});

test('an attachment that is elsewhere is copied, and undo removes the copy', () => {
  const copy: Fix = { ...MCAST, name: 'copy', from: { namespace: 'video', name: 'mcast' } };
  const { steps, undo } = plan([copy]);
  expect(steps[0]!.title).toBe('Create attachment video/copy, a copy of video/mcast');
  expect(undo).toEqual(['kubectl -n video delete net-attach-def copy']);
});

test('a new attachment: its manifest, the annotation beside the present ones, and both undone', () => {
  const add: Fix = { kind: 'attach-new', parent: 'eth1' };
  const { steps, undo } = plan([add, RECREATE]);
  expect(configs(steps)).toHaveProperty('video/multicast-eth1');
  expect(steps.at(-1)!.run).toContain(`${NETWORKS_ANNOTATION}=mcast,multicast-eth1`);
  expect(undo).toEqual([
    expect.stringContaining(`${NETWORKS_ANNOTATION}=mcast `),
    'kubectl -n video delete net-attach-def multicast-eth1',
  ]);
  const long = plan([add, RECREATE], (d) => {
    d.pod.annotations[NETWORKS_ANNOTATION] = '[{"name":"mcast"}]';
  });
  expect(long.steps.at(-1)!.run).toContain('[{"name":"mcast"},{"name":"multicast-eth1"}]');
});

test('an annotation that cannot be read is replaced', () => {
  for (const text of ['[{"name":', '[1]']) {
    const { steps } = plan([{ kind: 'attach-new', parent: 'eth1' }, RECREATE], (d) => {
      d.pod.annotations[NETWORKS_ANNOTATION] = text;
    });
    expect(steps.at(-1)!.run).toContain('[{"name":"multicast-eth1"}]');
  }
});

test('undo goes backwards: attachments and commands, then the pod, then what was created', () => {
  const { undo } = plan(
    [
      { kind: 'attach-new', parent: 'eth1' },
      { kind: 'node', node: 'node1', title: 'One', run: 'one', undo: 'undo one' },
      { kind: 'node', node: 'node1', title: 'Two', run: 'two', undo: 'undo two' },
      RECREATE,
    ],
    withoutRoute,
  );
  expect(undo.map((line) => line.split('\n')[0])).toEqual([
    "kubectl apply -f - <<'EOF'",
    'undo two',
    'undo one',
    'f=$(mktemp)',
    'kubectl -n video delete net-attach-def multicast-eth1',
  ]);
});

test('where no NIC is known, people are told what to make, and the pod is left alone', () => {
  const { steps } = plan([{ kind: 'attach-new', parent: undefined }, RECREATE]);
  expect(steps).toEqual([{ on: 'cluster', title: expect.stringContaining('"dst": "239.10.20.30/32"') }]);
});

test('an annotation that is asked for, and one that the owner’s template lacks', () => {
  expect(plan([{ kind: 'annotate', networks: 'infra/mcast' }, RECREATE]).steps.at(-1)!.run).toContain('=infra/mcast ');
  const owned = plan([RECREATE], (d) => {
    d.pod.owners = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'rx' }];
  });
  expect(owned.steps.at(-1)!.run).toContain(`"${NETWORKS_ANNOTATION}":"mcast"`);
});

test('node commands, advice and other ways have their places', () => {
  const made = buildPlan(caseOf(), {
    errors: [
      { kind: 'node', node: 'node1', title: 'Raise it', run: 'ip link set eth1 up', undo: 'ip link set eth1 down' },
      { kind: 'advice', on: 'network', title: 'Enable a querier' },
      { kind: 'alternative', title: 'hostNetwork', on: 'application', run: '' },
    ],
    warnings: [{ kind: 'cluster', title: 'No', run: 'kubectl no' }],
  });
  expect(made.plan.steps).toEqual([
    { on: 'node/node1', title: 'Raise it', run: 'ip link set eth1 up' },
    { on: 'network', title: 'Enable a querier' },
  ]);
  expect(made.plan.undo).toEqual(['ip link set eth1 down']);
  expect(made.alternatives).toEqual([{ title: 'hostNetwork', steps: [{ on: 'application', title: 'hostNetwork' }] }]);
});

test('the retest asks the same question', () => {
  expect(plan([]).retest).toBe('kmcast doctor pod/rx -n video --group 239.10.20.30:6000');
  const named = plan([], (d) => {
    d.source = '10.50.0.9';
  });
  expect(named.retest).toBe('kmcast doctor pod/rx -n video --group 239.10.20.30:6000 --source 10.50.0.9');
  const six = plan([], (d) => {
    d.group = '[ff15::1]:6000';
  });
  expect(six.retest).toContain("--group '[ff15::1]:6000'");
});
