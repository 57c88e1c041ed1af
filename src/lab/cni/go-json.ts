/** JSON as Go's encoding/json reads it: the plugins and Multus are Go programs, and operators meet its words in events. */

/** Parses; throws an Error with the message that encoding/json (scanner.go) gives for the first wrong character. */
export function parseGoJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(faultIn(text));
  }
}

/** What Go calls the JSON type of a value, in "cannot unmarshal … into Go value". */
export function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return value === null ? 'null' : typeof value;
}

const END = 'unexpected end of JSON input';

function faultIn(text: string): string {
  try {
    const after = value(text, space(text, 0));
    const rest = space(text, after);
    return rest === text.length ? END : wrong(text, rest, 'after top-level value');
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}

/** Each reader takes a position and returns the one behind what it read; it throws the message of the first fault. */
function value(text: string, at: number): number {
  const first = text[at];
  if (first === '{') return object(text, at);
  if (first === '[') return array(text, at);
  if (first === '"') return string(text, at);
  for (const word of ['true', 'false', 'null']) if (first === word[0]) return literal(text, at, word);
  if (first === undefined || !/[-\d]/.test(first)) throw new Error(wrong(text, at, 'looking for beginning of value'));
  return number(text, at);
}

function object(text: string, start: number): number {
  let at = space(text, start + 1);
  if (text[at] === '}') return at + 1;
  for (;;) {
    if (text[at] !== '"') throw new Error(wrong(text, at, 'looking for beginning of object key string'));
    at = space(text, string(text, at));
    if (text[at] !== ':') throw new Error(wrong(text, at, 'after object key'));
    at = space(text, value(text, space(text, at + 1)));
    if (text[at] === '}') return at + 1;
    if (text[at] !== ',') throw new Error(wrong(text, at, 'after object key:value pair'));
    at = space(text, at + 1);
  }
}

function array(text: string, start: number): number {
  let at = space(text, start + 1);
  if (text[at] === ']') return at + 1;
  for (;;) {
    at = space(text, value(text, at));
    if (text[at] === ']') return at + 1;
    if (text[at] !== ',') throw new Error(wrong(text, at, 'after array element'));
    at = space(text, at + 1);
  }
}

function string(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '"') return at + 1;
    if (char < ' ') throw new Error(wrong(text, at, 'in string literal'));
    if (char !== '\\') continue;
    at++;
    if (text[at] === 'u') at = hexadecimal(text, at + 1);
    else if (!/["\\/bfnrt]/.test(text[at] ?? ' ')) throw new Error(wrong(text, at, 'in string escape code', ' '));
  }
  throw new Error(END);
}

/** @returns the position of the last of the four digits */
function hexadecimal(text: string, start: number): number {
  for (let at = start; at < start + 4; at++) {
    if (!/[\da-f]/i.test(text[at] ?? ' ')) {
      throw new Error(wrong(text, at, 'in \\u hexadecimal character escape', ' '));
    }
  }
  return start + 3;
}

function number(text: string, start: number): number {
  let at = text[start] === '-' ? start + 1 : start;
  const digits = (where: string): void => {
    const found = /^\d+/.exec(text.slice(at))?.[0];
    if (found === undefined) throw new Error(wrong(text, at, where, ' '));
    at += found.length;
  };
  if (text[at] === '0') at++;
  else digits('in numeric literal');
  if (text[at] === '.') {
    at++;
    digits('after decimal point in numeric literal');
  }
  if (/[eE]/.test(text[at] ?? '')) {
    at += /[+-]/.test(text[at + 1] ?? '') ? 2 : 1;
    digits('in exponent of numeric literal');
  }
  return at;
}

function literal(text: string, start: number, word: string): number {
  for (let i = 1; i < word.length; i++) {
    if (text[start + i] !== word[i]) {
      throw new Error(wrong(text, start + i, `in literal ${word} (expecting '${word[i]}')`, ' '));
    }
  }
  return start + word.length;
}

function space(text: string, at: number): number {
  return at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0);
}

/**
 * Go reads bytes: of a typographic quotation mark it names the first one, `â`.
 * @param end what its scanner reads at the end where something had to follow; nothing where it notices the end
 */
function wrong(text: string, at: number, where: string, end?: string): string {
  const char = text[at] ?? end;
  if (char === undefined) return END;
  const byte = at < text.length ? (Buffer.from(text.slice(at, at + 2))[0] ?? 0) : char.charCodeAt(0);
  return `invalid character '${quoted(byte)}' ${where}`;
}

function quoted(byte: number): string {
  const char = String.fromCharCode(byte);
  if (char === "'" || char === '\\') return `\\${char}`;
  if ('\b\f\n\r\t'.includes(char)) return JSON.stringify(char).slice(1, -1);
  return byte < 0x20 ? `\\x${byte.toString(16).padStart(2, '0')}` : char;
}
