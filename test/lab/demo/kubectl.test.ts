import { expect, test } from 'vitest';
import { type Cluster, ClusterError, type KubeObject } from '../../../src/cluster/cluster.ts';
import { standIn } from '../../../src/lab/demo/kubectl.ts';

/** Objects by their path, and what was asked. */
function fakeCluster(objects: Record<string, unknown>) {
  const asked: string[] = [];
  const cluster = {
    get: async (path: string) => {
      const found = objects[path];
      if (found === undefined) throw new ClusterError('not-found', `${path} not found`);
      return found;
    },
    text: async (path: string, query: Record<string, string>) => `${path} ${JSON.stringify(query)}`,
    create: async (path: string, body: KubeObject) => {
      asked.push(`create ${path}`);
      objects[`${path}/${body.metadata.name}`] = body;
    },
    patch: async (path: string, _body: unknown, type: string) => asked.push(`patch ${path} ${type}`),
    delete: async (path: string) => {
      asked.push(`delete ${path}`);
      delete objects[path];
    },
  } as unknown as Cluster;
  return { cluster, asked, objects };
}

const NADS = '/apis/k8s.cni.cncf.io/v1/namespaces/video/network-attachment-definitions';
const POD = '/api/v1/namespaces/video/pods/rx';
const NAD = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: { name: camera-lan, namespace: video }
spec: { config: '{}' }
`;

test('apply creates what is not there, and changes what is', async () => {
  const { cluster, asked } = fakeCluster({});
  expect(await standIn(['apply', '-f', '-'], cluster, () => NAD)).toBe(
    'networkattachmentdefinition.k8s.cni.cncf.io/camera-lan created\n',
  );
  expect(await standIn(['apply', '-f', '-'], cluster, () => NAD)).toMatch(/configured$/m);
  expect(asked).toEqual([`create ${NADS}`, `patch ${NADS}/camera-lan merge`]);
});

test('replace --force makes a pod anew, without what belonged to the old one', async () => {
  const { cluster, asked, objects } = fakeCluster({ [POD]: {} });
  const pod = `kind: Pod\nmetadata: { name: rx, namespace: video, uid: u, resourceVersion: "7" }\nstatus: { phase: Running }\n`;
  expect(await standIn(['replace', '--force', '-f', '-'], cluster, () => pod)).toBe('pod/rx replaced\n');
  expect(asked).toEqual([`delete ${POD}`, 'create /api/v1/namespaces/video/pods']);
  expect(JSON.parse(JSON.stringify(objects[POD]))).toEqual({
    kind: 'Pod',
    metadata: { name: 'rx', namespace: 'video' },
  });
});

test('annotate --local changes what it reads, and prints it', async () => {
  const { cluster } = fakeCluster({});
  const pod = 'kind: Pod\nmetadata: { name: rx, annotations: { a/b: x, c: y } }\n';
  const words = ['annotate', '--local', '--overwrite', '-f', '-', 'a/b-', '-o', 'yaml'];
  expect(await standIn(words, cluster, () => pod)).toBe('kind: Pod\nmetadata:\n  name: rx\n  annotations:\n    c: y\n');
});

test('wait ends when the pod is ready, and in vain after its time', async () => {
  const conditions = (status: string) => ({ status: { conditions: [{ type: 'Ready', status }] } });
  const words = ['-n', 'video', 'wait', '--for=condition=Ready', 'pod/rx', '--timeout=0s'];
  expect(await standIn(words, fakeCluster({ [POD]: conditions('True') }).cluster, () => '')).toBe(
    'pod/rx condition met\n',
  );
  await expect(standIn(words, fakeCluster({ [POD]: conditions('False') }).cluster, () => '')).rejects.toThrow(
    /timed out/,
  );
});

test('logs asks for as many lines as are wanted; what the demo does not need is refused', async () => {
  const { cluster } = fakeCluster({});
  expect(await standIn(['-n', 'video', 'logs', 'rx', '--tail=3'], cluster, () => '')).toBe(
    `${POD}/log {"tailLines":"3"}`,
  );
  await expect(standIn(['drain', 'node1'], cluster, () => '')).rejects.toThrow(/no kubectl is installed/);
});
