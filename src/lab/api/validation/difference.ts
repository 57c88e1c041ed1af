/** Two values as JSON, line by line: what was with `-`, what is with `+`, and a little around it. */
const AROUND = 3;

export function difference(before: unknown, after: unknown): string {
  const was = lines(before);
  const is = lines(after);
  let start = 0;
  while (start < was.length && start < is.length && was[start] === is[start]) start++;
  let end = 0;
  while (end < Math.min(was.length, is.length) - start && was.at(-1 - end) === is.at(-1 - end)) end++;
  const from = Math.max(0, start - AROUND);
  return [
    ...was.slice(from, start).map((line) => ` ${line}`),
    ...was.slice(start, was.length - end).map((line) => `-${line}`),
    ...is.slice(start, is.length - end).map((line) => `+${line}`),
    ...is.slice(is.length - end, is.length - end + AROUND).map((line) => ` ${line}`),
    '',
  ].join('\n');
}

function lines(value: unknown): string[] {
  return JSON.stringify(value, sorted, 1).split('\n');
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
