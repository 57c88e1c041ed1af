import { afterEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { type FakeApi, fakeApi, status } from './fake-api.ts';

let api: FakeApi;
afterEach(() => api.close());

const PODS = '/api/v1/namespaces/video/pods';
const event = (type: string, name: string, resourceVersion: string) =>
  `${JSON.stringify({ type, object: { metadata: { name, resourceVersion } } })}\n`;

/** Each connection gets the next of `parts`; the last stays open. */
async function watching(...parts: string[]) {
  let connection = 0;
  api = await fakeApi((_, response) => {
    const part = parts[connection++] ?? '';
    response.writeHead(200);
    if (connection < parts.length) response.end(part);
    else response.write(part);
    return undefined;
  });
  return api.cluster();
}

describe('watch', () => {
  it('ends when enough was seen', async () => {
    const cluster = await watching(
      event('ADDED', 'a', '1') + event('MODIFIED', 'b', '2') + event('MODIFIED', 'c', '3'),
    );
    const seen: string[] = [];
    const done = await cluster.watch<KubeObject>(
      PODS,
      { fieldSelector: 'x' },
      2000,
      (type, { metadata }) => seen.push(`${type} ${metadata.name}`) === 2,
    );
    expect(done).toBe(true);
    expect(seen).toEqual(['ADDED a', 'MODIFIED b']);
    expect(Object.fromEntries(api.asked[0]?.url.searchParams ?? [])).toEqual({
      fieldSelector: 'x',
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '2',
    });
  });

  it('ends at the deadline', async () => {
    const cluster = await watching(event('ADDED', 'a', '1'));
    expect(await cluster.watch(PODS, {}, 200, () => false)).toBe(false);
  });

  it('connects again where it stood, passing over bookmarks and what was cut', async () => {
    const cluster = await watching(
      `${event('ADDED', 'a', '1')}${event('BOOKMARK', '', '7')}{"type":"BOOKMARK","object":{}}\n{"type":"MODI`,
      event('MODIFIED', 'b', '8'),
    );
    const seen: string[] = [];
    expect(await cluster.watch<KubeObject>(PODS, {}, 3000, (_, { metadata }) => seen.push(metadata.name) === 2)).toBe(
      true,
    );
    expect(seen).toEqual(['a', 'b']);
    expect(api.asked[1]?.url.searchParams.get('resourceVersion')).toBe('7');
  });

  it('begins anew when its place is forgotten', async () => {
    const gone = `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410 } })}\n`;
    const cluster = await watching(event('ADDED', 'a', '1') + gone, event('ADDED', 'a', '9'));
    let events = 0;
    expect(await cluster.watch(PODS, {}, 3000, () => ++events === 2)).toBe(true);
    expect(api.asked[1]?.url.searchParams.has('resourceVersion')).toBe(false);
  });

  it('is refused as a request is', async () => {
    api = await fakeApi(() =>
      status(403, 'Forbidden', 'pods is forbidden: User "bob" cannot watch resource "pods" in API group ""'),
    );
    const cluster = await api.cluster();
    await expect(cluster.watch(PODS, {}, 1000, () => false)).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining('watch pods'),
    });
  });

  it('is aborted by its signal', async () => {
    const cluster = await watching('');
    await expect(cluster.watch(PODS, {}, 5000, () => false, AbortSignal.timeout(100))).rejects.toMatchObject({
      kind: 'aborted',
    });
  });

  it('passes on what its listener throws', async () => {
    const cluster = await watching(event('ADDED', 'a', '1'));
    const listener = () => {
      throw new Error('a bug');
    };
    await expect(cluster.watch(PODS, {}, 1000, listener)).rejects.toThrow('a bug');
  });
});
