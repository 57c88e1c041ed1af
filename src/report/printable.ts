/** Text from clusters and kernels is data: what could drive a terminal is shown, not sent. */

/** Control characters (C0 but newline and tab, DEL, C1), and marks that change reading direction, as `\xNN` or `\u{NNNN}`. */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (char) => {
      const code = char.charCodeAt(0);
      return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
    },
  );
}

/** One line, at most `limit` characters. */
export function oneLine(text: string, limit = 300): string {
  const flat = printable(text).replace(/\s+/g, ' ').trim();
  return flat.length <= limit ? flat : `${flat.slice(0, limit - 1)}…`;
}
