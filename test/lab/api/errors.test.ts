import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabServer, type Reply, startLabServer } from './lab-server.ts';

interface Case {
  readonly label: string;
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: unknown;
  readonly code: number;
  readonly text?: string;
  readonly status?: { readonly message: string; readonly reason?: string; readonly details?: object };
}

/** What Kubernetes 1.34 answered to each request. */
const cases: Case[] = JSON.parse(readFileSync(new URL('fixtures/errors.json', import.meta.url), 'utf8'));
const NS = '/api/v1/namespaces/labapi';
const container = { name: 'a', image: 'none:1', imagePullPolicy: 'Never', env: [{ name: 'A', value: '1' }] };

let server: LabServer;
beforeAll(async () => {
  server = await startLabServer();
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } };
  const made = [
    await server.call('POST', '/api/v1/namespaces', { metadata: { name: 'labapi' } }),
    await server.call('POST', `${NS}/pods`, {
      metadata: { name: 'live' },
      spec: { containers: [container], tolerations: [{ key: 'k', operator: 'Exists' }] },
    }),
    await server.call('POST', '/apis/apps/v1/namespaces/labapi/deployments', {
      metadata: { name: 'd' },
      spec: { replicas: 0, selector: { matchLabels: { a: 'b' } }, template },
    }),
    await server.call('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/labapi/rolebindings', {
      metadata: { name: 'r' },
      roleRef: { kind: 'Role', name: 'a', apiGroup: 'rbac.authorization.k8s.io' },
    }),
  ];
  expect(made.map(({ code }) => code)).toEqual([201, 201, 201, 201]);
});
afterAll(() => server.stop());

describe('answers as Kubernetes gives them', () => {
  it.each(cases.map((one) => [one.label, one] as const))('%s', async (_, one) => {
    const reply = await server.call(one.method, one.path, one.body ?? undefined, { 'content-type': one.contentType });
    expect({ code: reply.code, said: said(reply, one) }).toEqual({
      code: one.code,
      said: expected(one),
    });
  });
});

function said({ body, text }: Reply, one: Case): unknown {
  if (one.text !== undefined) return text;
  if (one.status === undefined) return undefined;
  return plain({ message: body?.message, reason: body?.reason, details: body?.details });
}

function expected({ text, status }: Case): unknown {
  return text ?? (status === undefined ? undefined : plain(status));
}

/** Without UIDs, which differ, and without the causes, which say the message again. */
function plain(value: object): unknown {
  const { causes: _, ...details } = ('details' in value ? (value.details ?? {}) : {}) as { causes?: unknown };
  const text = JSON.stringify({ ...value, details });
  return JSON.parse(text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID'));
}
