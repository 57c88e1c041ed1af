/** A small generator of pseudo-random numbers (xorshift32), for loops too hot for fast-check: 32-bit unsigned numbers, the same for a seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
