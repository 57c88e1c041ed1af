/** Random prefixes as `ip route` takes them. */
import fc from 'fast-check';

/** A prefix of one of the bases, of usual lengths more often than of any. */
export function prefix(bases: readonly string[], bits: 32 | 128): fc.Arbitrary<string> {
  const usual = bits === 32 ? [0, 3, 4, 8, 16, 24, 32] : [0, 3, 8, 16, 48, 64, 128];
  return fc
    .tuple(fc.constantFrom(...bases), fc.oneof(fc.constantFrom(...usual), fc.integer({ min: 0, max: bits })))
    .map(([base, length]) => `${masked(base, length, bits)}`);
}

/** ip refuses prefixes with host bits, so they are cleared here, in plain arithmetic. */
function masked(base: string, length: number, bits: 32 | 128): string {
  const size = bits === 32 ? 8 : 16;
  const parts = bits === 32 ? base.split('.').map(Number) : expand(base);
  const kept = parts.map((part, i) => {
    const keep = Math.min(size, Math.max(0, length - i * size));
    return part & (((1 << keep) - 1) << (size - keep));
  });
  return `${bits === 32 ? kept.join('.') : kept.map((part) => part.toString(16)).join(':')}/${length}`;
}

function expand(text: string): number[] {
  const [head = '', tail = ''] = text.split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].map((word) => Number.parseInt(word, 16));
}
