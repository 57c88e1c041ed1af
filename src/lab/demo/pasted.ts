/** The fix that doctor's text ends with, as an operator copies it from the terminal. Pure. */
import { stripVTControlCharacters } from 'node:util';

export interface FixStep {
  readonly title: string;
  /** Lines for a POSIX shell. */
  readonly script: string;
}

/** The numbered steps between "# Fix" and "# Then look again"; none where there is no fix. */
export function fixIn(report: string): FixStep[] {
  const lines = stripVTControlCharacters(report).split('\n');
  const begin = lines.findIndex((line) => line.startsWith('# Fix'));
  const end = lines.findIndex((line, index) => index > begin && line.startsWith('# Then look again'));
  if (begin < 0 || end < 0) return [];
  const steps: { title: string; lines: string[] }[] = [];
  for (const line of lines.slice(begin + 1, end)) {
    const title = /^# \d+\. (.*)$/.exec(line)?.[1];
    if (title !== undefined) steps.push({ title, lines: [] });
    else steps.at(-1)?.lines.push(line);
  }
  return steps.map(({ title, lines: script }) => ({ title, script: script.join('\n') }));
}

/** A script as it is shown when it is on the screen already: the text of a here-document is one line. */
export function folded(script: string): string[] {
  const shown: string[] = [];
  let until: string | undefined;
  let hidden = 0;
  for (const line of script.split('\n')) {
    if (until !== undefined && line !== until) hidden++;
    else if (until !== undefined) {
      shown.push(`… ${hidden} lines, as above`, line);
      until = undefined;
    } else {
      shown.push(line);
      until = /<<'(\w+)'\s*$/.exec(line)?.[1];
      hidden = 0;
    }
  }
  return shown;
}
