import { describe, expect, it } from 'vitest';
import { meetsFields, parseFieldSelector } from '../../../../src/lab/api/selector/field-selector.ts';
import { labelSelectorTest, parseLabelSelector } from '../../../../src/lab/api/selector/label-selector.ts';
import type { KubeObject } from '../../../../src/lab/object.ts';
import { builtinResource } from '../../../../src/lab/store/resources.ts';

const labels = { app: 'rx', tier: 'front', 'a.b/c': '7' };

describe('label selectors', () => {
  it.each([
    ['', true],
    ['app=rx', true],
    ['app==rx,tier=front', true],
    ['app = rx , tier != back', true],
    ['app=tx', false],
    ['missing!=x', true],
    ['app in (tx, rx)', true],
    ['app in(tx)', false],
    ['app notin (tx),tier', true],
    ['missing notin (x)', true],
    ['!missing', true],
    ['!app', false],
    ['a.b/c>6', true],
    ['a.b/c<6', false],
    ['empty=', false],
  ])('%j: %j', (text, meets) => {
    expect(parseLabelSelector(text)(labels)).toBe(meets);
  });

  it.each(['a b', 'a in (', 'a in b', '=b', 'a=b,', ')'])('refuses %j', (text) => {
    expect(() => parseLabelSelector(text)).toThrow('unable to parse requirement: found');
  });

  it('reads those of objects', () => {
    const selector = {
      matchLabels: { app: 'rx' },
      matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['back'] }],
    };
    expect(labelSelectorTest(selector)(labels)).toBe(true);
    expect(labelSelectorTest(selector)({ app: 'rx', tier: 'back' })).toBe(false);
    expect(labelSelectorTest({})({})).toBe(true);
    expect(labelSelectorTest(undefined)({})).toBe(false);
  });
});

describe('field selectors', () => {
  const pod = {
    metadata: { name: 'a', namespace: 'n' },
    spec: { nodeName: 'node1' },
    status: { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }] },
  } as unknown as KubeObject;

  it.each([
    ['metadata.name=a,metadata.namespace=n', true],
    ['spec.nodeName=node1,status.phase!=Failed,status.phase!=Succeeded', true],
    ['status.podIPs=10.0.0.1', true],
    ['spec.nodeName=', false],
    ['spec.hostNetwork=false', true],
  ])('%s: %j', (text, meets) => {
    expect(meetsFields(pod, parseFieldSelector(text, builtinResource('pods')!))).toBe(meets);
  });

  it('asks events by what they are about, under either name', () => {
    const event = { involvedObject: { name: 'a' }, source: { component: 'kubelet' } } as unknown as KubeObject;
    const resource = builtinResource('events')!;
    for (const text of ['involvedObject.name=a', 'regarding.name=a', 'source=kubelet']) {
      expect(meetsFields(event, parseFieldSelector(text, resource))).toBe(true);
    }
  });
});
