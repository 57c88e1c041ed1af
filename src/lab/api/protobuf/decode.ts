/**
 * Kubernetes' protobuf (application/vnd.kubernetes.protobuf), of requests only: kubectl writes some of them so
 * (`create namespace`, `auth can-i` …), and reads JSON.
 */
import { isMap, type Json, type JsonMap } from '../patch/part.ts';
import { messageOf, TABLE } from './messages-table.ts';
import { wireFields } from './wire.ts';

const MAGIC = Buffer.from('k8s\0');

/** The object; undefined for one of a kind that is not in the table. Throws RangeError or SyntaxError for what is none. */
export function decodeProtobuf(body: Buffer): JsonMap | undefined {
  if (!body.subarray(0, 4).equals(MAGIC)) throw new RangeError('no Kubernetes protobuf');
  if (body.length === 4) throw new RangeError(`empty body (${body.toString('hex')})`);
  const envelope = new Map<number, Buffer>();
  for (const { number, value } of wireFields(body.subarray(4)))
    if (typeof value !== 'bigint') envelope.set(number, value);
  const type = new Map<number, string>();
  for (const { number, value } of wireFields(envelope.get(1) ?? Buffer.alloc(0))) type.set(number, value.toString());
  const [apiVersion = '', kind = ''] = [type.get(1), type.get(2)];
  const message = messageOf(apiVersion, kind);
  if (message === undefined) return undefined;
  return { apiVersion, kind, ...decodeMessage(envelope.get(2) ?? Buffer.alloc(0), message) };
}

function decodeMessage(bytes: Buffer, name: string): JsonMap {
  const fields = TABLE.get(name);
  const object: JsonMap = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = fields?.get(number);
    if (field === undefined) continue;
    if (field.mark === '%') {
      const [key, entry] = mapEntry(value, field.type);
      object[field.name] = { ...asMap(object[field.name]), [key]: entry };
      continue;
    }
    const decoded = decodeValue(value, field.type);
    if (field.name === '') Object.assign(object, decoded);
    else if (field.mark === '*') object[field.name] = [...asList(object[field.name]), decoded];
    else if (field.mark === '?' || !isZero(decoded)) object[field.name] = decoded;
  }
  return object;
}

function decodeValue(value: bigint | Buffer, type: string): Json {
  if (typeof value === 'bigint') return type === 'b' ? value !== 0n : Number(BigInt.asIntN(64, value));
  switch (type) {
    case 's':
      return value.toString();
    case 'y':
      return value.toString('base64');
    case 'd':
      return value.length === 8 ? value.readDoubleLE() : 0;
    case 'Q':
      return numbered(value).get(1)?.toString() ?? '';
    case 'R':
      return JSON.parse(numbered(value).get(1)?.toString() ?? 'null');
    case 'W':
      return [...wireFields(value)].map((field) => field.value.toString());
    case 'I': {
      const parts = numbered(value);
      return parts.get(1) === 1n ? (parts.get(3)?.toString() ?? '') : Number(parts.get(2) ?? 0n);
    }
    case 'T': {
      const seconds = numbered(value).get(1);
      return typeof seconds === 'bigint' ? new Date(Number(seconds) * 1000).toISOString().replace('.000', '') : null;
    }
    default:
      return decodeMessage(value, type);
  }
}

function mapEntry(value: bigint | Buffer, type: string): [string, Json] {
  const parts = typeof value === 'bigint' ? new Map<number, bigint | Buffer>() : numbered(value);
  return [parts.get(1)?.toString() ?? '', decodeValue(parts.get(2) ?? Buffer.alloc(0), type)];
}

function numbered(message: Buffer): Map<number, bigint | Buffer> {
  return new Map([...wireFields(message)].map(({ number, value }) => [number, value]));
}

/** Fields that are no pointers in Go are always written; JSON leaves the empty ones out. */
function isZero(value: Json): boolean {
  if (isMap(value)) return Object.keys(value).length === 0;
  return value === '' || value === 0 || value === false || value === null;
}

function asMap(value: Json | undefined): JsonMap {
  return isMap(value) ? value : {};
}

function asList(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
