import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../src/lab/object.ts';
import { createStore } from '../../../src/lab/store/memory-store.ts';
import { nameOf, RESOURCES } from '../../../src/lab/store/resources.ts';

/** `written.yaml` and what `kubectl create --dry-run=server -o yaml` of Kubernetes 1.34 made of it. */
const written = documents('written.yaml');
const made = documents('made.yaml');

it.each(written.map((object, at) => [object.kind, object, made[at]!] as const))('defaults a %s', (_, object, real) => {
  const store = createStore();
  const created = store.create(resourceOf(object), object);
  expect(plain(created)).toEqual(plain(real));
});

it('does not add the token of a service account where it is not wanted', () => {
  const store = createStore();
  const spec = { automountServiceAccountToken: false, containers: [{ name: 'a', image: 'a:1' }] };
  expect(store.create('pods', { metadata: { name: 'a', namespace: 'default' }, spec }).spec.volumes).toBeUndefined();
});

function documents(file: string): KubeObject[] {
  const text = readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS());
}

function resourceOf(object: KubeObject): string {
  const found = RESOURCES.find(
    (resource) =>
      resource.kind === object.kind &&
      object.apiVersion === (resource.group === '' ? 'v1' : `${resource.group}/${resource.version}`),
  );
  return nameOf(found!);
}

/** Without what differs each time, and without the empty status that only the real one writes. */
function plain(object: KubeObject): unknown {
  const { uid, clusterIP } = { uid: object.metadata.uid, clusterIP: object.spec?.clusterIP };
  const { creationTimestamp, resourceVersion, ...metadata } = object.metadata;
  const text = JSON.stringify({ ...object, metadata, status: undefined })
    .replaceAll(uid, 'UID')
    .replaceAll(clusterIP ?? '-none-', 'IP')
    .replace(/kube-api-access-\w{5}/g, 'kube-api-access')
    .replace(/"deprecated.daemonset.template.generation":"1"/, '')
    .replace('"annotations":{},', '');
  return { ...JSON.parse(text.replaceAll('"metadata":{},', '')), phase: object.status?.phase };
}
