/** docs/schema/discovery.json, to hold outputs to. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const schema = JSON.parse(readFileSync(new URL('../../docs/schema/discovery.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ allErrors: true, formats: { 'date-time': true } }).compile(schema);

/** What is wrong with a document as it is printed. */
export function discoveryErrors(discovery: object): string[] {
  validate(JSON.parse(JSON.stringify(discovery)));
  return (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
}
