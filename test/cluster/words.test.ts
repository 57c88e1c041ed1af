import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean } from '../../src/cluster/clean.ts';
import { editDistance, nearNames } from '../../src/cluster/near.ts';
import { describePath, resourceOf, singular } from '../../src/cluster/resource.ts';

describe('clean', () => {
  it('leaves nothing that moves a cursor, colours or reorders', () => {
    expect(clean('a\u001b[31mred\u001b[0m\r\nb\u001b]0;title\u0007c\u202ed')).toBe('a red b c d');
  });
  it('is one line of bounded length for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 80 }), (text, limit) => {
        const line = clean(text, limit);
        expect(line.length).toBeLessThanOrEqual(limit);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
    );
  });
});

describe('near names', () => {
  it('finds typing errors and the pods of an owner, best first', () => {
    expect(nearNames('reciever', ['sender', 'receiver', 'receivers', 'x'])).toEqual(['receiver', 'receivers']);
    expect(nearNames('rx', ['rx-7d9c-abc', 'rxx', 'completely'])).toEqual(['rx-7d9c-abc', 'rxx']);
    expect(nearNames('rx', ['database', 'tx-1'])).toEqual([]);
  });
  it('counts a swap as one error', () => {
    expect(editDistance('ab', 'ba')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
  });
  it('is a symmetric distance', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('API paths', () => {
  it('reads objects, collections, subresources and namespaces', () => {
    expect(resourceOf('/api/v1/namespaces/video/pods/rx/exec?x=1')).toEqual({
      group: '',
      version: 'v1',
      namespace: 'video',
      resource: 'pods',
      name: 'rx',
      subresource: 'exec',
      collection: '/api/v1/namespaces/video/pods',
    });
    expect(resourceOf('/apis/apps/v1/daemonsets')).toMatchObject({
      group: 'apps',
      resource: 'daemonsets',
      collection: '/apis/apps/v1/daemonsets',
    });
    expect(resourceOf('/api/v1/namespaces/video')).toMatchObject({
      resource: 'namespaces',
      name: 'video',
      collection: '/api/v1/namespaces',
    });
    expect(resourceOf('/api/v1/namespaces/video')).not.toHaveProperty('namespace');
    expect(resourceOf('/version')).toBeUndefined();
    expect(resourceOf('/apis/apps/v1')).toBeUndefined();
  });
  it('names them for people', () => {
    expect(describePath('/api/v1/namespaces/video/pods/rx')).toBe('pod rx in namespace video');
    expect(describePath('/api/v1/namespaces/video/pods/rx/exec')).toBe('pods/exec of rx in namespace video');
    expect(describePath('/api/v1/nodes')).toBe('nodes');
    expect(describePath('/version')).toBe('/version');
    expect(['networkpolicies', 'ingresses', 'endpoints', 'nodes'].map(singular)).toEqual([
      'networkpolicy',
      'ingress',
      'endpoints',
      'node',
    ]);
  });
});
