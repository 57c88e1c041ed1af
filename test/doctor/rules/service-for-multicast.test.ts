import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/service-for-multicast.ts';
import { findings, fixture } from '../manifests.ts';
import { ask } from '../snapshot.ts';

const services = fixture('myths').filter(({ name }) => name.endsWith('services.yaml'));
const endpoints = (address: string) =>
  `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: rx}\nendpoints:\n- addresses: [${address}]\n`;

test('a group in a Service is an error, a name that says multicast a warning; others are left alone', () => {
  const found = findings(rule, services);
  expect(found.map((f) => [f.severity, f.evidence[0]?.at])).toEqual([
    ['error', 'myths/services.yaml:2'],
    ['warning', 'myths/services.yaml:15'],
  ]);
  expect(found[0]?.evidence.map((e) => [e.source, e.observed])).toEqual([
    ['Service video/iptv spec.externalIPs.0', '239.1.2.3'],
    ['Service video/iptv metallb.universe.tf/loadBalancerIPs', '239.1.2.3'],
  ]);
  expect(found[1]?.detail).toContain('headless');
});

test('the port of the group that was asked about', () => {
  expect(findings(rule, services, ['239.1.2.3:53'])[2]?.title).toContain('Service video/dns');
  expect(findings(rule, services, ['239.1.2.3'])).toHaveLength(2);
});

test('endpoints and pools of a load balancer', () => {
  expect(findings(rule, endpoints('239.1.2.3'))[0]?.severity).toBe('error');
  expect(findings(rule, endpoints('10.0.0.3'))).toEqual([]);
  const pool =
    'apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {name: p}\nspec: {addresses: [239.1.2.0/28]}\n';
  expect(findings(rule, pool)[0]?.title).toContain('239.1.2.0/28');
});

test('a cluster is not asked for its Services', () => expect(ask(rule).outcome).toBe('skipped'));
