/**
 * A terminal of which nothing is forgotten: what was printed, line by line, with the time at which each line got its last form.
 * Knows the escape sequences that kmcast and its spinner print; others are skipped. Pure.
 *
 * @typedef {{ text: string, style: string }} Run text of one look; style: some of `bold faint red green yellow cyan`
 * @typedef {{ at: number, runs: Run[] }} Line
 */

const SGR = { 1: 'bold', 2: 'faint', 31: 'red', 32: 'green', 33: 'yellow', 36: 'cyan' };

export class Screen {
  /** @param {number} columns */
  constructor(columns) {
    this.columns = columns;
    /** @type {{ at: number, cells: { char: string, style: string }[] }[]} */
    this.rows = [{ at: 0, cells: [] }];
    this.row = 0;
    this.column = 0;
    /** @type {Set<string>} */
    this.look = new Set();
    this.rest = '';
  }

  /**
   * @param {string} text as the program wrote it
   * @param {number} at seconds from the beginning
   */
  write(text, at) {
    const input = this.rest + text;
    const cut = /\u001b(\[[\d;?]*)?$/.exec(input)?.index ?? input.length;
    this.rest = input.slice(cut);
    for (const [token, code = '', final] of input.slice(0, cut).matchAll(/\u001b\[([\d;?]*)([A-Za-z])|[\s\S]/gu)) {
      if (final !== undefined) this.#control(code, final, at);
      else if (token === '\n') this.#feed();
      else if (token === '\r') this.column = 0;
      else if (token >= ' ') this.#put(token, at);
    }
  }

  /** @returns {Line[]} without the empty lines at the end */
  lines() {
    const lines = this.rows.map(({ at, cells }) => ({ at, runs: runsOf(cells) }));
    while (lines.at(-1)?.runs.length === 0) lines.pop();
    return lines;
  }

  #control(code, final, at) {
    const n = Number(code) || 1;
    if (final === 'm') this.#style(code);
    else if (final === 'G') this.column = n - 1;
    else if (final === 'A') this.row = Math.max(0, this.row - n);
    else if (final === 'K') {
      const row = this.rows[this.row];
      const from = code === '2' ? 0 : this.column;
      if (row.cells.length > from) row.at = at;
      row.cells.length = Math.min(row.cells.length, from);
    }
  }

  #style(code) {
    for (const part of code.split(';').map(Number)) {
      if (part === 0) this.look.clear();
      else if (part === 22) for (const name of ['bold', 'faint']) this.look.delete(name);
      else if (part === 39) for (const name of ['red', 'green', 'yellow', 'cyan']) this.look.delete(name);
      else if (SGR[part] !== undefined) this.look.add(SGR[part]);
    }
  }

  #put(char, at) {
    if (this.column >= this.columns) this.#feed();
    const row = this.rows[this.row];
    while (row.cells.length < this.column) row.cells.push({ char: ' ', style: '' });
    row.cells[this.column++] = { char, style: [...this.look].join(' ') };
    row.at = at;
  }

  /** A terminal's driver makes CR LF of every LF. */
  #feed() {
    this.row++;
    this.column = 0;
    while (this.rows.length <= this.row) this.rows.push({ at: 0, cells: [] });
  }
}

/** @returns {Run[]} */
function runsOf(cells) {
  const runs = [];
  for (const { char, style } of cells) {
    const last = runs.at(-1);
    if (last?.style === style) last.text += char;
    else runs.push({ text: char, style });
  }
  if (runs.length > 0) runs[runs.length - 1].text = runs.at(-1).text.trimEnd();
  return runs.filter(({ text }) => text !== '');
}
