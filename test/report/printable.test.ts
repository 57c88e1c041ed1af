import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneLine, printable } from '../../src/report/printable.ts';

test('what would drive a terminal is shown', () => {
  expect(printable('a\u001b[2Jb\u0007\u009bc\u007f\r')).toBe('a\\x1b[2Jb\\x07\\x9bc\\x7f\\x0d');
  expect(printable('pod\u202egnp.\u2066')).toBe('pod\\u{202e}gnp.\\u{2066}');
  expect(printable('Grüße, 日本 🎥\n\tdone')).toBe('Grüße, 日本 🎥\n\tdone');
});

test('any text: nothing is left that drives a terminal, and it is printable already', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = printable(text);
      expect(shown.replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      expect(printable(shown)).toBe(shown);
    }),
  );
});

test('any text: one line, no longer than asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 80 }), (text, limit) => {
      const line = oneLine(text, limit);
      expect(line).not.toMatch(/[\n\r\t]/);
      expect(line.length).toBeLessThanOrEqual(limit);
    }),
  );
  expect(oneLine(' a\n\n b ')).toBe('a b');
  expect(oneLine('abcdef', 4)).toBe('abc…');
});
