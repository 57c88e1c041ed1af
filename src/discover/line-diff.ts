/** The difference of two short texts, line by line (longest common subsequence). */

/** Lines with ` `, `-` or `+` in front; empty when there is no difference. */
export function lineDiff(before: readonly string[], after: readonly string[]): string[] {
  const [n, m] = [before.length, after.length];
  /** Length of the longest common subsequence from these lines on. */
  const common = Array.from({ length: n + 1 }, () => new Uint32Array(m + 1));
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--)
      common[i]![j] =
        before[i] === after[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  if (common[0]![0] === n && n === m) return [];
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < n || j < m) {
    if (i < n && j < m && before[i] === after[j]) {
      lines.push(` ${before[i]}`);
      i++;
      j++;
    } else if (j >= m || (i < n && common[i + 1]![j]! >= common[i]![j + 1]!)) lines.push(`-${before[i++]}`);
    else lines.push(`+${after[j++]}`);
  }
  return lines;
}
