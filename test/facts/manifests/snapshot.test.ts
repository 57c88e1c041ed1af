import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diagnose } from '../../../src/doctor/diagnose.ts';
import { rules } from '../../../src/doctor/rules/index.ts';
import { manifestSnapshot } from '../../../src/facts/manifests/snapshot.ts';
import { reasonOf, valueIn } from '../../../src/model/fact.ts';
import { fixture, snapshotOf } from '../../doctor/manifests.ts';

const template = 'spec: {containers: [{name: app, image: x}]}';
const TEMPLATES: [string, string, string][] = [
  ['Pod', `metadata: {name: rx}\n${template}`, 'pod/rx'],
  ['Deployment', `metadata: {name: rx}\nspec: {template: {${template}}}`, 'deploy/rx'],
  ['StatefulSet', `metadata: {name: rx}\nspec: {template: {${template}}}`, 'sts/rx'],
  ['DaemonSet', `metadata: {name: rx}\nspec: {template: {${template}}}`, 'ds/rx'],
  ['Job', `metadata: {generateName: rx-}\nspec: {template: {${template}}}`, 'job/rx-'],
  ['CronJob', `metadata: {name: rx}\nspec: {jobTemplate: {spec: {template: {${template}}}}}`, 'cronjob/rx'],
  ['Rollout', `metadata: {name: rx}\nspec: {template: {${template}}}`, 'rollout/rx'],
];

test.each(TEMPLATES)('%s plans a pod', (kind, rest, name) => {
  const [target] = snapshotOf(`apiVersion: any/v1\nkind: ${kind}\n${rest}\n`).targets;
  expect([target?.name, target?.namespace, target?.file]).toEqual([name, 'video', 'a.yaml:1']);
  const pod = valueIn(target!.pod);
  expect(pod?.containers).toMatchObject([{ name: 'app', image: 'x' }]);
  expect(pod?.planned).toBe('only manifests were given');
  expect(reasonOf(pod!.events)).toBe('only manifests were given');
});

test('a target stands where its annotation does, and attachments that no pod names have one of their own', () => {
  const { targets, cluster } = snapshotOf(fixture('receiver.yaml'));
  expect(targets.map(({ name, file }) => [name, file])).toEqual([
    ['deploy/rx', 'receiver.yaml:24'],
    ['pod/plain', 'receiver.yaml:31'],
    ['manifests', undefined],
  ]);
  expect(valueIn(cluster.attachments)).toMatchObject([{ namespace: 'video', name: 'mcast', file: 'receiver.yaml:7' }]);
  const alone = snapshotOf([{ name: 'nad.yaml', text: fixture('receiver.yaml')[0]!.text.split('---')[0]! }]);
  expect(alone.targets.map((t) => t.name)).toEqual(['net-attach-def/mcast', 'manifests']);
});

test('what only a cluster has is missing, with the reason', () => {
  const { cluster } = snapshotOf('kind: x\n');
  for (const name of ['podNetwork', 'metaPlugin', 'nodes', 'podAddresses'] as const)
    expect(reasonOf<unknown>(cluster[name]), name).toBe('only manifests were given');
});

test('no value of an environment, of Helm values or of a Secret is in the snapshot', () => {
  const secret = {
    name: 's.yaml',
    text: 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: hunter2}\n',
  };
  const made = snapshotOf([...fixture('receiver.yaml'), ...fixture('myths'), secret]);
  expect(JSON.stringify(made)).toContain('hubble.multicastToken');
  expect(JSON.stringify(made)).not.toMatch(/hunter2|deadbeef/);
  expect(JSON.stringify(diagnose(made, rules))).not.toContain('hunter2');
});

test('files may hold anything: nothing throws', () => {
  const kinds = fc.constantFrom(
    'Service',
    'Pod',
    'Deployment',
    'ConfigMap',
    'NetworkPolicy',
    'NetworkAttachmentDefinition',
    'Application',
  );
  const versions = fc.constantFrom(
    'v1',
    'k8s.cni.cncf.io/v1',
    'networking.k8s.io/v1',
    'projectcalico.org/v3',
    'argoproj.io/v1alpha1',
  );
  const keys = fc.constantFrom(
    'spec',
    'metadata',
    'data',
    'ports',
    'ingress',
    'from',
    'ipBlock',
    'cidr',
    'template',
    'containers',
    'env',
    'name',
    'annotations',
    'config',
    'source',
    'helm',
  );
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(null, '', '239.1.2.3', 7, true),
      fc.array(tie('node'), { maxLength: 2 }),
      fc.dictionary(keys, tie('node'), { maxKeys: 5 }),
    ),
  })).node;
  fc.assert(
    fc.property(kinds, versions, fc.dictionary(keys, tree, { maxKeys: 5 }), (kind, apiVersion, rest) => {
      const text = JSON.stringify({ ...rest, kind, apiVersion });
      const made = manifestSnapshot([{ name: 'a.json', text }], {
        written: [],
        namespace: 'x',
        groups: [],
        version: '',
        now: new Date(0),
      });
      if ('problem' in made) throw new Error(made.problem);
      const failed = diagnose(made, rules).flatMap((d) =>
        d.checks.filter((c) => c.reason?.includes('defect of kmcast')),
      );
      expect(failed).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
