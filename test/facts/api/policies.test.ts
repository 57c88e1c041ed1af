import { expect, test } from 'vitest';
import { policyFacts } from '../../../src/facts/api/policies.ts';
import { known, unknown } from '../../../src/model/fact.ts';
import { fakeCluster, forbidden } from './fake-cluster.ts';

const PATH = '/apis/networking.k8s.io/v1/namespaces/video/networkpolicies';
const policy = (spec: object) => ({ metadata: { name: 'p', namespace: 'video' }, spec });
const read = (spec: object) =>
  policyFacts(fakeCluster({ [PATH]: [policy(spec)] }), [{ namespace: 'video', labels: { app: 'rx' } }]);

test('what is allowed by prefix; a rule without peers allows all, one with pod selectors no prefix', async () => {
  const peers = [{ ipBlock: { cidr: '239.0.0.0/8' } }, { podSelector: {} }];
  expect(
    await read({ podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [{ to: peers }], ingress: [{}] }),
  ).toEqual(
    known([
      {
        namespace: 'video',
        name: 'p',
        kind: 'NetworkPolicy',
        selectsTarget: true,
        types: ['Ingress', 'Egress'],
        egressPrefixes: ['239.0.0.0/8'],
        ingressPrefixes: ['0.0.0.0/0', '::/0'],
      },
    ]),
  );
});

test('a policy that selects other pods, by label or by expression', async () => {
  const other = { matchExpressions: [{ key: 'app', operator: 'In', values: ['tx'] }] };
  for (const podSelector of [{ matchLabels: { app: 'tx' } }, other])
    expect(await read({ podSelector })).toMatchObject({ value: [{ selectsTarget: false, types: ['Ingress'] }] });
});

test('policies that may not be listed are unknown', async () => {
  const cluster = fakeCluster({ [PATH]: forbidden('list networkpolicies') });
  expect(await policyFacts(cluster, [{ namespace: 'video', labels: {} }])).toEqual(
    unknown('list networkpolicies is forbidden'),
  );
  expect(await policyFacts(cluster, [])).toEqual(known([]));
});
