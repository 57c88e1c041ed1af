import { expect, test } from 'vitest';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { metaPluginFacts } from '../../../src/facts/api/attachments.ts';
import { type DaemonSetObject, podNetworkFacts } from '../../../src/facts/api/pod-network.ts';
import { clusterObjects } from '../../../src/lab/cni/cluster-objects.ts';
import type { PodNetwork } from '../../../src/lab/place.ts';
import { createStore } from '../../../src/lab/store/memory-store.ts';
import { known, valueIn } from '../../../src/model/fact.ts';

async function seen(podNetwork: PodNetwork) {
  const store = createStore();
  for (const { resource, object } of clusterObjects(podNetwork)) store.create(resource, object);
  const get = async (path: string) => {
    const [, namespace, name] = /namespaces\/(.+)\/configmaps\/(.+)$/.exec(path) ?? [];
    return store.get('configmaps', namespace, name ?? '');
  };
  const sets = known(store.list('daemonsets.apps') as unknown as DaemonSetObject[]);
  return {
    network: valueIn(await podNetworkFacts({ get } as unknown as Cluster, sets, known([]))),
    meta: valueIn(metaPluginFacts(sets, false)),
  };
}

test('kmcast knows the networks of a lab by what the API shows', async () => {
  expect((await seen('overlay')).network).toMatchObject({
    name: 'flannel',
    evidence: 'DaemonSet kube-flannel/kube-flannel-ds',
    settings: { 'net-conf.json': expect.stringContaining('vxlan') },
  });
  expect((await seen('none')).network).toMatchObject({ name: 'kindnet', evidence: 'DaemonSet kube-system/kindnet' });
  expect((await seen('flat')).network).toMatchObject({ name: 'unknown' });
});

test('all have Multus', async () => {
  for (const kind of ['overlay', 'none', 'flat'] as const) {
    expect((await seen(kind)).meta).toEqual({ present: true, evidence: 'DaemonSet kube-system/kube-multus-ds' });
  }
});
