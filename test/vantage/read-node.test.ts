import { expect, it } from 'vitest';
import { type Cluster, ClusterError } from '../../src/cluster/cluster.ts';
import { imageRounds } from '../../src/vantage/image.ts';
import { readNode } from '../../src/vantage/read-node.ts';
import { AgentNotStarted } from '../../src/vantage/run-agent.ts';

const forbidden = new ClusterError('forbidden', 'get nodes is forbidden');
const NODE = { metadata: { name: 'n7' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } };
const POD = {
  metadata: { name: 'rx', namespace: 'video' },
  spec: {
    containers: [
      { name: 'app', image: 'shop/python:3' },
      { name: 'waits', image: 'shop/other:1' },
    ],
  },
  status: {
    containerStatuses: [
      { name: 'app', state: { running: {} } },
      { name: 'waits', state: { waiting: { reason: 'ImagePullBackOff' } } },
    ],
  },
};

/** Answers by path; what is missing is forbidden. */
function api(answers: Readonly<Record<string, unknown>>): { cluster: Cluster; asked: string[] } {
  const asked: string[] = [];
  const answer = async (path: string, query?: Readonly<Record<string, string>>) => {
    asked.push(query === undefined ? path : `${path} ${query.fieldSelector}`);
    if (answers[path] === undefined) throw forbidden;
    return answers[path];
  };
  return { cluster: { get: answer, list: answer } as unknown as Cluster, asked };
}

const images = async (cluster: Cluster) =>
  imageRounds(undefined, await readNode(cluster, 'n7', 'ops')).map((round) => round.map(({ image }) => image));

it('takes the images that the node tells of, and asks for nothing else', async () => {
  const told = { ...NODE, status: { ...NODE.status, images: [{ names: ['a/debug:1'] }] } };
  const { cluster, asked } = api({ '/api/v1/nodes/n7': told });
  expect((await images(cluster))[0]).toEqual(['a/debug:1']);
  expect(asked).toEqual(['/api/v1/nodes/n7']);
});

it('takes those of containers that run there where the node tells of none', async () => {
  const { cluster, asked } = api({ '/api/v1/nodes/n7': NODE, '/api/v1/pods': [POD] });
  expect((await images(cluster))[0]).toEqual(['shop/python:3']);
  expect(asked).toEqual(['/api/v1/nodes/n7', '/api/v1/pods spec.nodeName=n7,status.phase=Running']);
});

it('asks in the one namespace where all may not be asked, and goes on without where that is forbidden too', async () => {
  const one = api({ '/api/v1/namespaces/ops/pods': [POD] });
  expect((await images(one.cluster))[0]).toEqual(['shop/python:3']);
  const none = api({});
  expect(await images(none.cluster)).toHaveLength(1);
});

it('refuses a node that is not ready, in its own words', async () => {
  const conditions = [{ type: 'Ready', status: 'False', message: 'PLEG is not healthy' }];
  const { cluster } = api({ '/api/v1/nodes/n7': { ...NODE, status: { conditions } } });
  await expect(readNode(cluster, 'n7', 'ops')).rejects.toThrow(
    new AgentNotStarted('node n7 is not ready: PLEG is not healthy', false),
  );
});
