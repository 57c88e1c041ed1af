import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goTypeOf, parseGoJson } from '../../../src/lab/cni/go-json.ts';

/** Texts and what `json.Unmarshal` of Go 1.24 said of them. */
const SAID: readonly (readonly [string, string])[] = [
  ['', 'unexpected end of JSON input'],
  ['{', 'unexpected end of JSON input'],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['[1,2', 'unexpected end of JSON input'],
  ['[1 2]', "invalid character '2' after array element"],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ['{"a":“b”}', "invalid character 'â' looking for beginning of value"],
  ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
  ['{"a":nil}', "invalid character 'i' in literal null (expecting 'u')"],
  ['{"a":-x}', "invalid character 'x' in numeric literal"],
  ['{"a":01}', "invalid character '1' after object key:value pair"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['{"a":"b\nc"}', "invalid character '\\n' in string literal"],
  ['{"a":"\u0001"}', "invalid character '\\x01' in string literal"],
  ['{"a":"\\q"}', "invalid character 'q' in string escape code"],
  ['{"a":"\\u12"}', `invalid character '"' in \\u hexadecimal character escape`],
  ['{"a":"b', 'unexpected end of JSON input'],
  ['{"a":.5}', "invalid character '.' looking for beginning of value"],
  ['{"a":1.}', "invalid character '}' after decimal point in numeric literal"],
  ['{"a":1e}', "invalid character '}' in exponent of numeric literal"],
  ['-', "invalid character ' ' in numeric literal"],
  ['\\', "invalid character '\\\\' looking for beginning of value"],
  ['{"a":1}}', "invalid character '}' after top-level value"],
  ['{"type": "macvlan",\n  "ipam": {\n "type": "static" \n', 'unexpected end of JSON input'],
];

test.each(SAID)('of %j Go says what is wrong', (text, message) => {
  expect(() => parseGoJson(text)).toThrow(new Error(message));
});

test('what is JSON is read, and what is not is refused in Go’s words', () => {
  expect(parseGoJson(' {"a": [1, -2.5e3, "\\u00e4", null, true]} ')).toEqual({ a: [1, -2500, 'ä', null, true] });
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 3 }), (json, at, other) => {
      const text = json.slice(0, at % (json.length + 1)) + other + json.slice((at % (json.length + 1)) + 1);
      try {
        expect(parseGoJson(text)).toEqual(JSON.parse(text));
      } catch (error) {
        expect(String(error)).toMatch(
          /^Error: (invalid character '.+' (in|after|looking)|unexpected end of JSON input)/s,
        );
      }
    }),
  );
});

test('types have Go’s names', () => {
  expect([{}, [], 'x', 1, true, null].map(goTypeOf)).toEqual(['object', 'array', 'string', 'number', 'bool', 'null']);
});
