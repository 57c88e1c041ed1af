/** Completion indexes of an Indexed job (batch/v1 Job, `completedIndexes`). */

/** `0,2-4`. */
export function writeIndexes(indexes: Iterable<number>): string {
  const sorted = [...new Set(indexes)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const index of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === index - 1) last[1] = index;
    else runs.push([index, index]);
  }
  return runs
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}-${to}`))
    .join(',');
}

/** The lowest that are neither done nor under way, at most `count`. */
export function nextIndexes(completions: number, taken: ReadonlySet<number>, count: number): number[] {
  const free: number[] = [];
  for (let index = 0; index < completions && free.length < count; index++) if (!taken.has(index)) free.push(index);
  return free;
}
