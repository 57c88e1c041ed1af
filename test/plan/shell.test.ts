import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kubectl, quote } from '../../src/plan/shell.ts';

test('what cannot be anything but a word stands bare', () => {
  expect(quote('pod/rx-0')).toBe('pod/rx-0');
  expect(quote('239.1.2.3:5007')).toBe('239.1.2.3:5007');
  expect(quote('')).toBe("''");
  expect(quote("it's")).toBe(`'it'\\''s'`);
  expect(quote('[ff15::1]:5007')).toBe("'[ff15::1]:5007'");
});

test('each argument is one word', () => {
  expect(kubectl('video', 'get', 'pod', 'a b', '-o', 'jsonpath={.spec}')).toBe(
    "kubectl -n video get pod 'a b' -o 'jsonpath={.spec}'",
  );
});

test('any texts: a shell gives them back as they were', () => {
  const odd = fc.constantFrom("'", '"', '$(id)', '`id`', '\\', '\n', '*', '~', '#', ' ', ';', '&', '!', '{a,b}', '\t');
  const text = fc
    .array(fc.oneof(odd, fc.string({ unit: 'grapheme' })), { maxLength: 6 })
    .map((parts) => parts.join(''));
  const noNul = text.filter((t) => !t.includes('\0'));
  fc.assert(
    fc.property(fc.array(noNul, { minLength: 1, maxLength: 40 }), (texts) => {
      // A shell for each text would be slow: every word ends with a line of its own.
      const script = `printf '%s\\n--\\n' ${texts.map(quote).join(' ')}`;
      expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(texts.map((t) => `${t}\n--\n`).join(''));
    }),
    { numRuns: 40 },
  );
});
