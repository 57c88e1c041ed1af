import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/cilium-helm-multicast-enabled.ts';
import { findings, fixture } from '../manifests.ts';

const WRONG = 'multicast: {enabled: true}';
const inside = (text: string, indent: string) => text.replace(/^/gm, indent);

test('in a file of values, with its line', () => {
  const [found] = findings(rule, fixture('myths'));
  expect([found?.severity, found?.evidence[0]?.at, found?.evidence[0]?.observed]).toEqual([
    'warning',
    'myths/cilium-values.yaml:4',
    'multicast.enabled: true',
  ]);
});

test.each([
  ['a chart above it', `cilium:\n  ${WRONG}\n`],
  [
    'K3s, RKE2',
    `apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata: {name: rke2-cilium}\nspec:\n  valuesContent: |-\n    ${WRONG}\n`,
  ],
  [
    'Flux',
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: net}\nspec:\n  chart: {spec: {chart: cilium}}\n  values:\n    ${WRONG}\n`,
  ],
  [
    'Argo CD',
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: net}\nspec:\n  source:\n    chart: cilium\n    helm:\n      values: |\n${inside(WRONG, '        ')}\n`,
  ],
  [
    'Argo CD, by parameters',
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: net}\nspec:\n  sources:\n  - chart: cilium\n    helm: {parameters: [{name: multicast.enabled, value: "true"}]}\n',
  ],
])('in values of %s', (_, text) => expect(findings(rule, text)).toHaveLength(1));

test('beside the right key it is a note', () => {
  const text = `hubble: {}\n${WRONG}\nextraConfig: {multicast-enabled: "true"}\n`;
  expect(findings(rule, text)[0]?.severity).toBe('info');
});

test.each([
  'hubble: {}\nextraConfig: {multicast-enabled: "true"}\n',
  'enterprise: {multicast: {enabled: true}}\nhubble: {}\n',
  'trafficEncapMode: encap\nmulticast: {enable: true}\n',
  `someApplication: {}\n${WRONG}\n`,
])('%j is right, or of another chart', (text) => expect(findings(rule, text)).toEqual([]));
