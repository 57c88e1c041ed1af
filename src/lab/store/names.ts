import { randomInt } from 'node:crypto';

/** No vowels and no digits that look like letters, so that no words come about (apimachinery/pkg/util/rand). */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const LONGEST = 58;

/** A name for `generateName`: its prefix and five random letters. */
export function generatedName(prefix: string): string {
  const letters = Array.from({ length: 5 }, () => LETTERS[randomInt(LETTERS.length)]);
  return prefix.slice(0, LONGEST) + letters.join('');
}

/** RFC 3339 with whole seconds, as metav1.Time is written. */
export function timestamp(milliseconds: number = Date.now()): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
