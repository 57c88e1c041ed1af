import { expect, test } from 'vitest';
import { attachmentFacts, metaPluginFacts } from '../../../src/facts/api/attachments.ts';
import { known, unknown } from '../../../src/model/fact.ts';
import { fakeCluster, forbidden } from './fake-cluster.ts';

const ALL = '/apis/k8s.cni.cncf.io/v1/network-attachment-definitions';
const inside = (ns: string) => `/apis/k8s.cni.cncf.io/v1/namespaces/${ns}/network-attachment-definitions`;
const nad = (namespace: string, more: object = {}) => ({
  metadata: { name: 'mcast', namespace, ...more },
  spec: { config: '{}' },
});

test('all attachments, as they stand', async () => {
  const annotations = { 'argocd.argoproj.io/tracking-id': 'x', 'k8s.v1.cni.cncf.io/resourceName': 'a/b' };
  const facts = await attachmentFacts(
    fakeCluster({ [ALL]: [nad('video', { annotations }), { metadata: { name: 'bare' } }] }),
    [],
  );
  expect(facts).toEqual(
    known([
      { namespace: 'video', name: 'mcast', config: '{}', annotations, managedBy: 'Argo CD' },
      { namespace: 'default', name: 'bare', config: '' },
    ]),
  );
});

test('a cluster without the CRD has none', async () => {
  expect(await attachmentFacts(fakeCluster({}), ['video'])).toEqual(known([]));
});

test('where the whole may not be listed, the namespaces that matter are', async () => {
  const answers = {
    [ALL]: forbidden('list all'),
    [inside('video')]: [nad('video')],
    [inside('infra')]: [nad('infra')],
  };
  expect(await attachmentFacts(fakeCluster(answers), ['video', 'infra'])).toMatchObject({
    value: [{ namespace: 'video' }, { namespace: 'infra' }],
  });
  const closed = { ...answers, [inside('infra')]: forbidden('list in infra') };
  expect(await attachmentFacts(fakeCluster(closed), ['video', 'infra'])).toEqual(unknown('list in infra is forbidden'));
  expect(await attachmentFacts(fakeCluster(closed), [])).toEqual(unknown('list all is forbidden'));
});

const daemonSet = (name: string, labels = {}) => ({ metadata: { name, namespace: 'kube-system', labels } });

test('the meta-plugin: its DaemonSet, else its traces', () => {
  for (const ds of [daemonSet('kube-multus-ds'), daemonSet('rke2-multus'), daemonSet('cni', { app: 'multus' })])
    expect(metaPluginFacts(known([daemonSet('kube-proxy'), ds]), false)).toMatchObject({ value: { present: true } });
  expect(metaPluginFacts(known([daemonSet('kube-proxy')]), true)).toMatchObject({ value: { present: true } });
  expect(metaPluginFacts(known([daemonSet('kube-proxy')]), false)).toMatchObject({ value: { present: false } });
});

test('without the right to list DaemonSets its absence is not known', () => {
  expect(metaPluginFacts(unknown('forbidden'), false)).toEqual(unknown('forbidden'));
  expect(metaPluginFacts(unknown('forbidden'), true)).toMatchObject({ value: { present: true } });
});
