import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../src/model/nad.ts';
import { configText, nadManifest } from '../../src/plan/nad-manifest.ts';

const config: Json = {
  cniVersion: '0.3.1',
  type: 'macvlan',
  master: 'eth1',
  ipam: { type: 'host-local', subnet: '10.50.0.0/24', routes: [{ dst: '239.1.2.3/32', gw: '0.0.0.0' }] },
};

test('a manifest as people write it', () => {
  expect(
    nadManifest({ namespace: 'video', name: 'mcast', labels: { app: 'tv' }, annotations: {}, config }),
  ).toBe(`apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: mcast
  namespace: video
  labels:
    app: tv
spec:
  config: |
    {
      "cniVersion": "0.3.1",
      "type": "macvlan",
      "master": "eth1",
      "ipam": {
        "type": "host-local",
        "subnet": "10.50.0.0/24",
        "routes": [{"dst": "239.1.2.3/32", "gw": "0.0.0.0"}]
      }
    }
`);
});

test('any configuration: the manifest holds it', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 });
  const texts = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 3 });
  fc.assert(
    fc.property(json, texts, (made, annotations) => {
      const expected = JSON.parse(JSON.stringify(made)) as Json;
      const read = parse(nadManifest({ namespace: 'a', name: 'b', annotations, config: expected }));
      expect(JSON.parse(read.spec.config)).toEqual(expected);
      expect(read.metadata.annotations ?? {}).toEqual(annotations);
    }),
  );
});

test('a line of the here-document never ends it', () => {
  const text = nadManifest({
    namespace: 'a',
    name: 'b',
    annotations: { note: 'x\nEOF\ny' },
    config: { EOF: 'EOF\nEOF' },
  });
  expect(text.split('\n')).not.toContain('EOF');
});

test('long lists break, short objects do not', () => {
  const routes = Array.from({ length: 4 }, (_, i) => ({ dst: `239.1.2.${i}/32`, gw: '0.0.0.0' }));
  expect(configText({ routes }).split('\n')[2]).toBe('    {"dst": "239.1.2.0/32", "gw": "0.0.0.0"},');
});
