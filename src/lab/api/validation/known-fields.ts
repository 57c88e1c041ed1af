import { isPart, type Part } from '../../store/defaults/fill.ts';
import { badRequest } from '../../store/errors.ts';
import { apiVersionOf } from '../../store/resources.ts';
import type { Call } from '../call.ts';
import { type Field, messageOf, TABLE } from '../protobuf/messages-table.ts';
import { schemaOf } from './custom.ts';

/** Fields that the table of messages leaves out, though they exist. */
const LEFT_OUT = new Set([
  'status',
  'managedFields',
  'windowsOptions',
  'dnsConfig',
  'ephemeral',
  'clusterTrustBundle',
  'podCertificate',
  'fileKeyRef',
  'podFailurePolicy',
  'successPolicy',
  'restartPolicyRules',
]);

/** Throws StatusError 400 that names the fields which the kind does not have: what kubectl asks for, so that no typing error is lost. */
export function requireKnownFields({ context, resource }: Call, written: unknown): void {
  const { kind, version } = resource;
  const message = messageOf(apiVersionOf(resource), kind);
  if (!isPart(written) || (message === undefined && !resource.custom)) return;
  const { apiVersion: _, kind: __, ...fields } = written;
  const unknown =
    message === undefined
      ? withoutSchema(withoutMetadata(fields), schemaOf(context, resource), '')
      : withoutField(fields, message, '');
  if (unknown.length === 0) return;
  const list = unknown.map((path) => `unknown field "${path}"`).join(', ');
  throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${list}`);
}

function withoutField(value: Part, message: string, at: string): string[] {
  const known = fieldsOf(message);
  return Object.entries(value).flatMap(([name, inner]): string[] => {
    const path = at === '' ? name : `${at}.${name}`;
    const field = known.get(name);
    if (field === undefined) return LEFT_OUT.has(name) || message === 'core.Volume' ? [] : [path];
    if (!TABLE.has(field.type)) return [];
    if (field.mark === '*' && Array.isArray(inner)) {
      return inner.flatMap((element, index) =>
        isPart(element) ? withoutField(element, field.type, `${path}[${index}]`) : [],
      );
    }
    return field.mark !== '%' && isPart(inner) ? withoutField(inner, field.type, path) : [];
  });
}

/** By name, those of inner messages without a name among them. */
function fieldsOf(message: string): ReadonlyMap<string, Field> {
  const fields = [...(TABLE.get(message)?.values() ?? [])];
  return new Map(fields.flatMap((field) => (field.name === '' ? [...fieldsOf(field.type)] : [[field.name, field]])));
}

function withoutMetadata({ metadata: _, ...fields }: Part): Part {
  return fields;
}

function withoutSchema(value: unknown, schema: Part, at: string): string[] {
  if (!isPart(schema) || schema['x-kubernetes-preserve-unknown-fields'] === true) return [];
  if (Array.isArray(value)) {
    return value.flatMap((element, index) => withoutSchema(element, schema.items, `${at}[${index}]`));
  }
  if (!isPart(value) || (schema.properties === undefined && schema.additionalProperties !== undefined)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = at === '' ? name : `${at}.${name}`;
    const known = schema.properties?.[name];
    return known === undefined ? [path] : withoutSchema(inner, known, path);
  });
}
