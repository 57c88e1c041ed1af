import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabServer, startLabServer } from './lab-server.ts';

let server: LabServer;
const PODS = '/api/v1/namespaces/default/pods';

beforeAll(async () => {
  server = await startLabServer();
});
afterAll(() => server.stop());

describe('fields that do not exist', () => {
  const strict = '?fieldValidation=Strict&dryRun=All';

  it.each([
    ['spec.hostNetwrk', { spec: { hostNetwrk: true, containers: [{ name: 'c', image: 'a' }] } }],
    [
      'spec.containers[0].volumeMounts[0].path',
      { spec: { containers: [{ name: 'c', image: 'a', volumeMounts: [{ path: '/' }] }] } },
    ],
    ['metadata.label', { metadata: { name: 'a', label: {} }, spec: { containers: [{ name: 'c', image: 'a' }] } }],
  ])('are named where the client asks: %s', async (path, more) => {
    const reply = await server.call('POST', `${PODS}${strict}`, { ...pod('s'), ...more });
    expect([reply.code, reply.body?.message]).toEqual([
      400,
      `Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "${path}"`,
    ]);
  });

  it('are named in custom objects too, and all that exist are known', async () => {
    const nads = '/apis/k8s.cni.cncf.io/v1/namespaces/default/network-attachment-definitions';
    const wrong = await server.call('POST', `${nads}${strict}`, {
      metadata: { name: 'n' },
      spec: { config: '{}', x: 1 },
    });
    expect(wrong.body?.message).toBe(
      'NetworkAttachmentDefinition in version "v1" cannot be handled as a NetworkAttachmentDefinition: strict decoding error: unknown field "spec.x"',
    );
    const full = { ...pod('f'), status: {}, metadata: { name: 'f', labels: { any: 'x' }, managedFields: [] } };
    const spec = {
      ...full.spec,
      volumes: [
        { name: 'v', rbd: {} },
        { name: 'w', projected: { sources: [{ configMap: { name: 'c', items: [] } }] } },
      ],
      initContainers: [
        { name: 'i', image: 'a', env: [{ name: 'E', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } }] },
      ],
      securityContext: { sysctls: [{ name: 'net.ipv4.conf.all.rp_filter', value: '2' }] },
    };
    expect((await server.call('POST', `${PODS}${strict}`, { ...full, spec })).code).toBe(201);
  });
});

describe('definitions', () => {
  it('add their resource, and take it away', async () => {
    const definition = {
      metadata: { name: 'ippools.whereabouts.cni.cncf.io' },
      spec: {
        group: 'whereabouts.cni.cncf.io',
        scope: 'Namespaced',
        names: { plural: 'ippools', kind: 'IPPool' },
        versions: [
          {
            name: 'v1alpha1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: { type: 'object', required: ['range'], properties: { range: { type: 'string' } } },
                },
              },
            },
          },
        ],
      },
    };
    const path = '/apis/whereabouts.cni.cncf.io/v1alpha1/namespaces/default/ippools';
    expect((await server.call('GET', path)).code).toBe(404);
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    expect((await server.call('POST', definitions, definition)).code).toBe(201);
    const wrong = await server.call('POST', path, { metadata: { name: 'a' }, spec: {} });
    expect([wrong.code, wrong.body?.message]).toEqual([422, expect.stringContaining('spec.range: Required value')]);
    const made = await server.call('POST', path, { metadata: { name: 'a' }, spec: { range: '10/8', unknown: 1 } });
    expect([made.code, made.body?.spec]).toEqual([201, { range: '10/8' }]);
    expect((await server.call('DELETE', `${definitions}/ippools.whereabouts.cni.cncf.io`)).code).toBe(200);
    expect((await server.call('GET', path)).code).toBe(404);
  });
});

function pod(name: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'lab/app:1' }] },
  };
}
