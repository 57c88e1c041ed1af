/** Custom objects against their definition's schema: types and required fields (apiextensions.k8s.io/v1 JSONSchemaProps). */
import { each, isPart, type Part } from '../../store/defaults/fill.ts';
import type { Cause } from '../../store/errors.ts';
import { required } from './words.ts';

/** `at` is '' for the object itself. */
export function validateSchema(value: unknown, schema: Part, at: string): Cause[] {
  if (!isPart(schema) || value === undefined) return [];
  const { type } = schema;
  if (type !== undefined && schema['x-kubernetes-int-or-string'] !== true && !isOfType(value, type)) {
    const found = typeOf(value);
    const message = `Invalid value: "${found}": ${at} in body must be of type ${type}: "${found}"`;
    return [{ reason: 'FieldValueTypeInvalid', field: at, message }];
  }
  if (Array.isArray(value)) {
    return value.flatMap((element, index) => validateSchema(element, schema.items, `${at}[${index}]`));
  }
  if (!isPart(value)) return validateEnum(value, schema, at);
  const missing = Array.isArray(schema.required) ? schema.required.filter((field) => value[field] === undefined) : [];
  return [
    ...missing.map((field) => required(inner(at, field))),
    ...Object.entries(value).flatMap(([field, part]) =>
      validateSchema(part, schema.properties?.[field] ?? schema.additionalProperties, inner(at, field)),
    ),
  ];
}

/** Takes out what the schema does not know, as the API server does before it stores. */
export function prune(value: unknown, schema: Part): void {
  if (!isPart(schema) || schema['x-kubernetes-preserve-unknown-fields'] === true) return;
  if (Array.isArray(value)) {
    for (const element of each(value)) prune(element, schema.items);
    return;
  }
  if (!isPart(value) || (schema.properties === undefined && schema.additionalProperties !== undefined)) return;
  for (const field of Object.keys(value)) {
    const known = schema.properties?.[field];
    if (known === undefined) delete value[field];
    else prune(value[field], known);
  }
}

function validateEnum(value: unknown, schema: Part, at: string): Cause[] {
  if (!Array.isArray(schema.enum) || schema.enum.includes(value)) return [];
  const words = schema.enum.map((word: unknown) => JSON.stringify(word)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${words}`;
  return [{ reason: 'FieldValueNotSupported', field: at, message }];
}

function isOfType(value: unknown, type: unknown): boolean {
  const found = typeOf(value);
  return found === type || (type === 'number' && found === 'integer');
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function inner(at: string, field: string): string {
  return at === '' ? field : `${at}.${field}`;
}
