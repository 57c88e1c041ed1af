/** Quoting for a POSIX shell (XCU 2.2): text in single quotes has no meaning but itself. */

/** A word that the shell reads as exactly `text`. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A word in which only `*` and `?` are special, so that the shell expands it as a pathname. */
export function quotePattern(pattern: string): string {
  return pattern
    .split(/([*?])/)
    .map((part) => (part === '*' || part === '?' ? part : part && quote(part)))
    .join('');
}
