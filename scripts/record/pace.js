/**
 * The times at which a recording shows its lines: waits are cut short, what came at once scrolls so that an eye can follow,
 * and what was printed stays for a while before the next command. Pure.
 */

/** Seconds: the longest wait, between two lines of one outburst, and after an output. */
const WAIT = 1.2;
const LINE = 0.05;
const READ = 1.4;

/**
 * @param {import('./screen.js').Line[]} lines
 * @returns {number[]} for each line its second, never falling
 */
export function paced(lines) {
  let shown = 0;
  let real = 0;
  return lines.map(({ at, runs }) => {
    const gap = Math.min(Math.max(0, at - real), WAIT);
    real = Math.max(real, at);
    const isComment = runs[0]?.style === 'bold' && runs[0].text.startsWith('# ');
    shown += Math.max(gap, LINE) + (isComment && shown > 0 ? READ : 0);
    return Math.round(shown * 100) / 100;
  });
}
