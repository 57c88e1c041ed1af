/** docs/schema/diagnosis.json, held to what doctor really says. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import type { Diagnosis } from '../../src/doctor/diagnosis.ts';
import { STAGES } from '../../src/doctor/rule.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { renderDiagnoses } from '../../src/report/report.ts';
import { style } from '../../src/report/style.ts';
import { fixture, snapshotOf } from '../doctor/manifests.ts';
import { asksForIpv6, onHostNetwork, onPodNetworkAlone, sends, silence } from '../doctor/roles.ts';
import { flow, nadConfig, neverStarted, type Patch, route, snapshot } from '../doctor/snapshot.ts';

const schema = JSON.parse(readFileSync(new URL('../../docs/schema/diagnosis.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ allErrors: true }).compile(schema);

/** What is wrong with what `doctor -o json` prints for these diagnoses. */
function errors(diagnoses: readonly object[]): string[] {
  validate(JSON.parse(renderDiagnoses(diagnoses as Diagnosis[], 'json', style(80, false))));
  return (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
}

const cases: Record<string, Patch> = {
  'a healthy receiver': () => {},
  'a healthy sender': (d) => sends(d),
  'an IPv6 group': asksForIpv6,
  'hostNetwork, joined on the wrong NIC': (d) => {
    onHostNetwork(d);
    d.rx.netns.memberships[0]!.interface = 'eth0';
  },
  'no secondary network, with the stream on a NIC': (d) => {
    onPodNetworkAlone(d);
    d.node.flows = [flow({ interface: 'eth1' })];
  },
  'the pod network alone': onPodNetworkAlone,
  'joined on eth0': (d) => {
    d.cluster.attachments[0]!.config = nadConfig({}, { routes: undefined });
    d.rx.netns.memberships[0]!.interface = 'eth0';
    d.pod.owners = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'rx', managedBy: 'Argo CD' }];
  },
  'a route by the gateway': (d) => {
    sends(d);
    d.rx.netns.routes[3] = route('239.10.20.30/32', 'net1', { gateway: '10.50.0.1' });
  },
  'a pod that never started': (d) =>
    neverStarted(d, { reason: 'FailedCreatePodSandBox', message: 'invalid CIDR address: 239.10.20.30' }),
  'nobody sends': silence,
  'nothing could be read': (d) => {
    for (const fact of ['observation', 'node', 'attachments', 'podNetwork', 'events', 'cni'])
      d.missing[fact] = 'forbidden';
  },
  'no group': (d) => {
    d.group = '10.0.0.5';
  },
};

test('manifests are as documented', () => {
  const files = [...fixture('receiver.yaml'), ...fixture('myths')];
  expect(errors(diagnose(snapshotOf(files), rules))).toEqual([]);
  expect(errors(diagnose(snapshotOf(files, ['239.1.2.3:5007']), rules))).toEqual([]);
});

const made = Object.fromEntries(Object.entries(cases).map(([name, patch]) => [name, diagnose(snapshot(patch), rules)]));

test.each(Object.keys(cases))('%s is as documented', (name) => expect(errors(made[name]!)).toEqual([]));

test('the cases show what there is to show: verdicts, steps of each kind, alternatives, reasons', () => {
  const all = Object.values(made).flat();
  expect(new Set(all.map((d) => d.verdict))).toEqual(new Set(['healthy', 'broken', 'unknown']));
  const steps = all.flatMap((d) => d.plan.steps);
  expect(steps.some((s) => s.manifest !== undefined)).toBe(true);
  expect(new Set(steps.map((s) => s.on.replace(/\/.*/, '')))).toContain('node');
  for (const list of [all.map((d) => d.alternatives), all.map((d) => d.plan.affects), all.map((d) => d.plan.undo)])
    expect(list.flat().length).toBeGreaterThan(0);
});

test('several targets, and a target without a group', () => {
  const base = snapshot((d) => {
    d.rx.netns.memberships = [];
    d.rx.netns.sockets = [];
  });
  const idle = diagnose({ ...base, question: { ...base.question, groups: [] } }, rules);
  expect(errors([...made['joined on eth0']!, ...idle])).toEqual([]);
});

test('what is not documented is refused', () => {
  const [healthy] = made['a healthy receiver']!;
  const [broken] = made['joined on eth0']!;
  const wrong: object[] = [
    { ...healthy, extra: 1 },
    { ...healthy, verdict: 'fine' },
    { ...healthy, rootCause: 'no-traffic' },
    { ...broken, rootCause: null },
    { ...broken, plan: { ...broken!.plan, steps: [{ on: 'moon', title: 'x' }] } },
    { ...healthy, checks: [{ rule: 'no-traffic', outcome: 'unknown' }] },
    { ...healthy, time: 'yesterday' },
  ];
  for (const [i, diagnosis] of wrong.entries()) expect(errors([diagnosis]), String(i)).not.toEqual([]);
});

test('the stages are the rules’ own, and every rule’s name fits', () => {
  expect(schema.$defs.finding.properties.stage.enum).toEqual(STAGES);
  const name = new RegExp(schema.$defs.rule.pattern);
  expect(rules.filter((rule) => !name.test(rule.id))).toEqual([]);
});
