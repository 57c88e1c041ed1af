/** All rules on files: what they say as of a cluster, and what they leave open. */
import { expect, test } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { renderDiagnoses } from '../../src/report/report.ts';
import { style } from '../../src/report/style.ts';
import { fixture, snapshotOf } from './manifests.ts';

const of = (name: string, groups?: string[]) => diagnose(snapshotOf(fixture(name), groups), rules);

test('an attachment that no plugin takes is an error; its plan corrects it and makes no pod anew', () => {
  const [d, ...more] = of('receiver.yaml');
  expect(more).toEqual([]);
  expect([d?.target.name, d?.target.file, d?.verdict, d?.rootCause, d?.group]).toEqual([
    'deploy/rx',
    'receiver.yaml:24',
    'broken',
    'nad-route-without-prefix',
    null,
  ]);
  expect(d?.findings.map((f) => [f.rule, f.severity])).toEqual([
    ['nad-route-without-prefix', 'error'],
    ['macvlan-mode-isolates', 'warning'],
    ['nad-not-found', 'warning'],
    ['nad-routes-misplaced', 'warning'],
  ]);
  expect(d?.plan.steps).toHaveLength(1);
  expect(d?.plan.steps[0]?.title).toBe('Correct attachment video/mcast in receiver.yaml:7');
  expect(d?.plan.steps[0]?.manifest).toContain('{"dst": "239.1.2.3/32", "gw": "0.0.0.0"}, {"dst": "10.60.0.0/24"}');
  expect([d?.plan.undo, d?.plan.affects]).toEqual([[], []]);
  expect(d?.plan.retest).toBe('kmcast doctor -f receiver.yaml');
});

test('the plan’s manifest in the place of the attachment mends the error', () => {
  const [d] = of('receiver.yaml');
  const [file] = fixture('receiver.yaml');
  const rest = file!.text.split('---').slice(1).join('---');
  const [again] = diagnose(snapshotOf(`${d?.plan.steps[0]?.manifest}---${rest}`), rules);
  expect([again?.target.name, again?.verdict]).toEqual(['deploy/rx', 'unknown']);
  expect(again?.findings.map((f) => f.rule)).toEqual(['macvlan-mode-isolates', 'nad-not-found']);
});

test('what only a running pod can tell does not pass', () => {
  const [d] = of('sound.yaml');
  expect([d?.verdict, d?.findings, d?.plan.steps]).toEqual(['unknown', [], []]);
  expect(
    d?.checks
      .filter((c) => c.outcome === 'pass')
      .map((c) => c.rule)
      .sort(),
  ).toEqual([
    'annotation-invalid',
    'ipvlan-mode-l3',
    'macvlan-mode-isolates',
    'nad-invalid-json',
    'nad-not-found',
    'nad-route-via-gateway',
    'nad-route-without-prefix',
    'nad-routes-misplaced',
  ]);
});

test('a group that was named is asked about, and stands in the diagnosis', () => {
  const [d] = of('sound.yaml', ['224.0.0.9:520']);
  expect(d?.group).toBe('224.0.0.9:520');
  expect(d?.findings.map((f) => f.rule)).toContain('link-local-scope');
  expect(of('sound.yaml')[0]?.findings).toEqual([]);
});

test('routes beside ipam are an error where the group’s is among them', () => {
  const nad = (config: object) =>
    `apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: {name: m}\nspec:\n  config: '${JSON.stringify(config)}'\n`;
  const plugin = { type: 'macvlan', master: 'eth1', ipam: { type: 'static', addresses: [{ address: '10.0.0.2/24' }] } };
  const [lost] = diagnose(snapshotOf(nad({ ...plugin, routes: [{ dst: '224.0.0.0/4' }] })), rules);
  expect([lost?.rootCause, lost?.target.name]).toEqual(['nad-routes-misplaced', 'net-attach-def/m']);
  expect(lost?.plan.steps[0]?.manifest).toContain('{"dst": "224.0.0.0/4", "gw": "0.0.0.0"}');
  const [layer3] = diagnose(snapshotOf(nad({ ...plugin, type: 'ipvlan', mode: 'l3' })), rules);
  expect(layer3?.rootCause).toBe('ipvlan-mode-l3');
  expect(layer3?.plan.steps[0]?.manifest, 'nobody named a group to route').not.toContain('dst');
  const [broken] = diagnose(snapshotOf(nad(plugin).replace("}'", ",}'")), rules);
  expect(broken?.rootCause).toBe('nad-invalid-json');
});

test('files with nothing about multicast give one diagnosis without findings', () => {
  const [d, ...more] = diagnose(
    snapshotOf('apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n'),
    rules,
  );
  expect(more).toEqual([]);
  expect([d?.target.name, d?.verdict, d?.findings]).toEqual(['manifests', 'unknown', []]);
});

test('the text names the line of every finding', () => {
  const text = renderDiagnoses(of('myths'), 'text', style(100, false));
  for (const place of [
    'services.yaml:2',
    'services.yaml:15',
    'cilium-values.yaml:4',
    'networks.yaml:5',
    'discovery.json:10',
  ])
    expect(text).toContain(`myths/${place}`);
});
