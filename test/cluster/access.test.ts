import { afterEach, describe, expect, it } from 'vitest';
import { type FakeApi, fakeApi, status } from './fake-api.ts';

let api: FakeApi;
afterEach(() => api.close());

const EXEC = { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'video' };
const access = (allowed: boolean) => ({ body: { status: { allowed } } });

describe('can', () => {
  it('asks once for each question', async () => {
    api = await fakeApi(() => access(true));
    const cluster = await api.cluster();
    expect(await Promise.all([cluster.can(EXEC), cluster.can({ ...EXEC })])).toEqual([
      { allowed: true, reason: '' },
      { allowed: true, reason: '' },
    ]);
    expect(api.asked).toHaveLength(1);
    expect(JSON.parse(api.asked[0]?.body ?? '')).toMatchObject({
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: EXEC },
    });
    await cluster.can({ ...EXEC, namespace: 'audio' });
    expect(api.asked).toHaveLength(2);
  });

  it('names verb, resource, namespace and user', async () => {
    api = await fakeApi(({ url }) =>
      url.pathname.endsWith('selfsubjectreviews')
        ? { body: { status: { userInfo: { username: 'bob' } } } }
        : access(false),
    );
    expect(await (await api.cluster()).can(EXEC)).toEqual({
      allowed: false,
      reason: 'create pods/exec is forbidden in namespace video for user "bob"',
    });
  });

  it('leaves the user out on servers that do not tell', async () => {
    api = await fakeApi(({ url }) =>
      url.pathname.endsWith('selfsubjectreviews') ? { status: 404, body: '404 page not found' } : access(false),
    );
    expect(await (await api.cluster()).can({ verb: 'get', resource: 'nodes', name: 'n1' })).toEqual({
      allowed: false,
      reason: 'get nodes n1 is forbidden',
    });
  });

  it('counts as allowed when the question itself is refused', async () => {
    api = await fakeApi(() =>
      status(403, 'Forbidden', 'selfsubjectaccessreviews is forbidden: User "bob" cannot create resource'),
    );
    expect(await (await api.cluster()).can(EXEC)).toMatchObject({
      allowed: true,
      reason: expect.stringContaining('not known beforehand'),
    });
  });
});
