/** Escape sequences (ECMA-48 CSI and OSC), control characters, and the marks that reorder text on a terminal (Unicode bidi). */
const UNPRINTABLE =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from a server, made fit for one line on an operator's terminal: no control characters, single spaces, at most
 * `limit` characters.
 */
export function clean(text: string, limit = 400): string {
  const line = text
    .slice(0, limit * 10)
    .replace(UNPRINTABLE, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}
