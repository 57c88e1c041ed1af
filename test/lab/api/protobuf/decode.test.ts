import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeProtobuf } from '../../../../src/lab/api/protobuf/decode.ts';

describe('protobuf as kubectl writes it', () => {
  it('gives the object that JSON would have', () => {
    const container = message(
      [1, 'c'],
      [2, 'lab/app:1'],
      [8, message([2, message([1, 'cpu'], [2, message([1, '100m'])])])],
      [10, message([1, message([2, message([1, ''], [2, message([1, 0], [2, 80])])])])],
      [13, ''],
    );
    const spec = message(
      [1, message([1, 'v'], [2, message([19, message([1, message([1, 'cm'])], [3, 420])])])],
      [2, container],
      [4, 0],
      [7, message([1, 'disk'], [2, 'ssd'])],
      [11, 0],
      [21, 0],
    );
    const template = message([1, message([1, ''])], [2, spec]);
    const deployment = message(
      [1, message([1, 'd'], [3, ''], [7, 0], [8, message()], [11, message([1, 'app'], [2, 'd'])])],
      [2, message([1, 0], [3, template], [4, message()])],
    );
    expect(decodeProtobuf(envelope('apps/v1', 'Deployment', deployment))).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', labels: { app: 'd' } },
      spec: {
        // A pointer to zero is a value, a zero without one is nothing.
        replicas: 0,
        template: {
          spec: {
            volumes: [{ name: 'v', configMap: { name: 'cm', defaultMode: 420 } }],
            containers: [
              {
                name: 'c',
                image: 'lab/app:1',
                resources: { requests: { cpu: '100m' } },
                livenessProbe: { httpGet: { port: 80 } },
              },
            ],
            terminationGracePeriodSeconds: 0,
            nodeSelector: { disk: 'ssd' },
            automountServiceAccountToken: false,
          },
        },
      },
    });
  });

  it('reads secrets as base64, and negative numbers', () => {
    const secret = message([2, message([1, 'k'], [2, 'value'])]);
    expect(decodeProtobuf(envelope('v1', 'Secret', secret))).toMatchObject({ data: { k: 'dmFsdWU=' } });
    const options = message([1, -1n]);
    expect(decodeProtobuf(envelope('v1', 'DeleteOptions', options))).toMatchObject({ gracePeriodSeconds: -1 });
  });

  it('knows what it does not know', () => {
    expect(decodeProtobuf(envelope('k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition', message()))).toBeUndefined();
    expect(() => decodeProtobuf(Buffer.from('{"a": 1}'))).toThrow(RangeError);
  });

  it('ends on any bytes, with an object or an error of its own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeProtobuf(envelope('v1', 'Pod', Buffer.from(bytes)));
        } catch (error) {
          expect(error).toSatisfy((thrown) => thrown instanceof RangeError || thrown instanceof SyntaxError);
        }
      }),
    );
  });
});

type Value = string | number | bigint | Buffer;

function message(...fields: [number: number, value: Value][]): Buffer {
  return Buffer.concat(fields.flatMap(([number, value]) => encode(number, value)));
}

function encode(number: number, value: Value): Buffer[] {
  if (typeof value === 'number' || typeof value === 'bigint') return [varint(number << 3), varint(value)];
  const bytes = Buffer.from(value as string);
  return [varint((number << 3) | 2), varint(bytes.length), bytes];
}

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

function envelope(apiVersion: string, kind: string, raw: Buffer): Buffer {
  return Buffer.concat([Buffer.from('k8s\0'), message([1, message([1, apiVersion], [2, kind])], [2, raw])]);
}
