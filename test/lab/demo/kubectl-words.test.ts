import { expect, test } from 'vitest';
import { annotated, kubectlWords, podName } from '../../../src/lab/demo/kubectl-words.ts';

const KEY = 'k8s.v1.cni.cncf.io/network-status';

test('flags may stand anywhere, long or short', () => {
  expect(kubectlWords(['-n', 'video', 'logs', 'rx', '--tail=3'])).toEqual({
    verb: 'logs',
    args: ['rx'],
    namespace: 'video',
    flags: { namespace: 'video', tail: '3' },
  });
  expect(kubectlWords(['replace', '--force', '-f', '-'])).toEqual({
    verb: 'replace',
    args: [],
    namespace: 'default',
    flags: { force: '', filename: '-' },
  });
});

test('a pod is named in three ways', () => {
  for (const args of [['pod', 'rx'], ['pod/rx'], ['rx']]) expect(podName(args)).toBe('rx');
});

test('annotations are set and removed', () => {
  expect(annotated({ [KEY]: '[]', a: '1' }, [`${KEY}-`, 'b=x=y-'])).toEqual({ a: '1', b: 'x=y-' });
});
