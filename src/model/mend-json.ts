/** JSON that people wrote with slips. */

/**
 * What people write most often that JSON does not allow: trailing commas, comments, single or typographic quotes, missing commas and
 * missing brackets at the end. @returns the text that can be read, or `undefined` when none of these was it.
 */
export function mendJson(text: string): string | undefined {
  const plain = text
    .replace(/^\s*(\/\/|#).*$/gm, '')
    .replace(/[“”]/g, '"')
    .replace(/,(\s*[}\]])/g, '$1');
  const quoted = plain.includes('"') ? plain : plain.replace(/['‘’]/g, '"');
  const closed = ['', '}', ']', '}]', ']}', '}}'].map((end) => `${quoted}${end}`);
  return [...closed, quoted.replace(/([}\]"\d])(\s*\n?\s*")/g, '$1,$2')].find(isJson);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
