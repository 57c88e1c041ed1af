import fc from 'fast-check';
import { expect, test } from 'vitest';
import { style, wrap } from '../../src/report/style.ts';

test('any words: all are there, in order, and lines are as full as they can be', () => {
  const word = fc.string({ minLength: 1, maxLength: 12 }).filter((w) => !/\s/.test(w));
  fc.assert(
    fc.property(fc.array(word), fc.integer({ min: 1, max: 40 }), (words, width) => {
      const lines = wrap(words.join(' '), width);
      expect(lines.flatMap((line) => line.split(' '))).toEqual(words);
      for (const [i, line] of lines.entries()) {
        expect(line.length <= width || !line.includes(' ')).toBe(true);
        const next = lines[i + 1]?.split(' ')[0];
        if (next !== undefined) expect(line.length + 1 + next.length).toBeGreaterThan(width);
      }
    }),
  );
});

test('a line end in the text makes no line of its own', () => {
  expect(wrap('seen\nHEALTHY  all is well', 80)).toEqual(['seen HEALTHY all is well']);
});

test('colour only where it is wanted, and it changes no words', () => {
  expect(style(80, false).bad('BROKEN')).toBe('BROKEN');
  const coloured = style(80, true).bad('BROKEN');
  expect(coloured).not.toBe('BROKEN');
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe('BROKEN');
});
